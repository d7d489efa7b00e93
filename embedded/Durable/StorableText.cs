using System.Buffers;
using System.Text;

namespace WhatsOps.Embedded.Durable;

/// <summary>Makes any .NET string storable: PostgreSQL text has no NUL and UTF-8 has no lone surrogates.</summary>
internal static class StorableText
{
    /// <summary>Long enough for every use, short enough for an index entry.</summary>
    public const int MaxIdLength = 500;

    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. "\0", .. Enumerable.Range(0xD800, 0x800).Select(code => (char)code)]);

    public static string? Clean(string? text)
    {
        if (text is null || text.AsSpan().IndexOfAny(Suspects) < 0) return text;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
            clean.Append(rune.Value == 0 ? Rune.ReplacementChar.ToString() : rune.ToString());
        return clean.ToString();
    }

    /// <exception cref="ArgumentException">The text cannot be an instance id or an event name.</exception>
    public static string RequireId(string? text, string parameter)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text, parameter);
        if (text.Length > MaxIdLength) throw new ArgumentException($"At most {MaxIdLength} characters, got {text.Length}.", parameter);
        if (!ReferenceEquals(Clean(text), text) && Clean(text) != text)
            throw new ArgumentException("NUL and unpaired surrogates cannot be stored.", parameter);
        return text;
    }
}
