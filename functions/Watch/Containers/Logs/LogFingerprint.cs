using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>
/// What lines of the same trouble have in common: numbers, ids, quoted text, addresses of mail and secrets are taken out. It holds no digit, so no phone number
/// either, and may be stored and shown. A fingerprint is its own fingerprint.
/// </summary>
internal static partial class LogFingerprint
{
    private const int Longest = 200;

    public static string Of(string message)
    {
        // Hidden before it is cut: half a secret looks like none.
        var text = LogLeaks.Hide(message);
        if (text.Length > Longest) text = text[..Longest];
        // One replacement may lay open another; each leaves fewer letters.
        for (string next; (next = Pass(text)) != text;) text = next;
        return text;
    }

    // Nothing gets longer, so that the cut is the same the next time.
    private static string Pass(string text)
    {
        text = Blank().Replace(LogLeaks.Hide(text), " ").Trim();
        text = Quoted().Replace(text, match => $"{match.Value[0]}…{match.Value[0]}");
        text = Mail().Replace(text, "…@…");
        text = Id().Replace(text, "#");
        return Digits().Replace(text, "#");
    }

    [GeneratedRegex(@"[\s\p{C}]+")]
    private static partial Regex Blank();

    [GeneratedRegex("""(?<quote>["'`])(?!…\k<quote>)[^"'`]+\k<quote>""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"[\w.+-]+@[\w-]+\.[\w.-]+")]
    private static partial Regex Mail();

    // UUIDs, hashes and addresses in memory; a word of letters alone is none.
    [GeneratedRegex(@"\b(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|0x[0-9a-f]+|(?=[a-f]*\d)[0-9a-f]{8,})\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(@"[\d\p{N}#]*[\d\p{N}][\d\p{N}#]*|##+")]
    private static partial Regex Digits();
}
