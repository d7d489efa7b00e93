using System.Text.RegularExpressions;

namespace WhatsOps.Watch;

/// <summary>Lines as people may see and search them.</summary>
internal static partial class LogLines
{
    private const int Longest = 2000;

    /// <summary>A line without colours, secrets and whole phone numbers.</summary>
    public static ShownLine Shown(LogLine line)
    {
        // Hidden before it is cut: half a secret looks like none.
        var text = SafeText.Of(Plain(line.Text));
        return new(line.At, LogEntry.Of(line.Text).Level.ToString().ToLowerInvariant(), text.Length > Longest ? text[..Longest] + "…" : text);
    }

    /// <summary>True: the line has the word, and not only as a part of a longer one: acme is not acme-2.</summary>
    public static bool Speaks(string text, string word)
    {
        for (var at = text.IndexOf(word, StringComparison.Ordinal); at >= 0; at = text.IndexOf(word, at + 1, StringComparison.Ordinal))
            if (!IsPart(text, at - 1) && !IsPart(text, at + word.Length)) return true;
        return false;
    }

    /// <summary>Without the colours and control characters that loggers write for terminals.</summary>
    public static string Plain(string text) => Control().Replace(text, "");

    // whatsmeow writes [Client-acme INFO]: what stands before a name may be joined by a hyphen, what stands behind it may not.
    private static bool IsPart(string text, int at) => at >= 0 && at < text.Length && (char.IsLetterOrDigit(text[at]) || text[at] is '_' || (text[at] is '-' && at + 1 < text.Length && !text.AsSpan(0, at + 1).EndsWith("Client-")));

    [GeneratedRegex(@"\x1b\[[0-9;]*[A-Za-z]|[\p{Cc}-[\t]]")]
    private static partial Regex Control();
}
