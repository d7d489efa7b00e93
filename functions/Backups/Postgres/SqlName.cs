namespace WhatsOps.Backups;

/// <summary>Names and texts as SQL has them, for what cannot be a parameter.</summary>
internal static class SqlName
{
    /// <summary>PostgreSQL cuts longer names, and then they are somebody else's.</summary>
    private const int Longest = 63;

    public static string Quoted(string name) => '"' + name.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';

    public static string Literal(string text) => (text.Contains('\\', StringComparison.Ordinal) ? " E'" : "'")
        + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "''", StringComparison.Ordinal) + "'";

    /// <summary>A name with an ending that is never cut off.</summary>
    public static string With(string name, string ending) => name[..Math.Min(name.Length, Longest - ending.Length)] + ending;
}
