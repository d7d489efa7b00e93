using System.Text.RegularExpressions;

namespace WhatsOps.Fleet;

/// <summary>Regular expressions of the fleet file. They run without backtracking, so that none can stop the watch.</summary>
internal static class LogPatterns
{
    private const int Longest = 500;

    /// <summary>Names of the patterns that every log file has.</summary>
    public static IReadOnlyList<string> BuiltIn { get; } = ["slow", "unauthorized", "auth"];

    public static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    public static bool IsPossible(string pattern)
    {
        if (pattern.Length is 0 or > Longest) return false;
        try
        {
            Compile(pattern);
            return true;
        }
        catch (Exception problem) when (problem is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
