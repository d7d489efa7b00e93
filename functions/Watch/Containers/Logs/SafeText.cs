using System.Text;
using System.Text.RegularExpressions;
using WhatsOps.Events;

namespace WhatsOps.Watch;

/// <summary>Text as people may see it: without secrets and whole phone numbers. Ids, hashes and times in it stay, since things are found by them.</summary>
internal static partial class SafeText
{
    public static string Of(string text)
    {
        // An id may be a secret: password=UUID.
        text = LogLeaks.HideSecrets(text);
        var safe = new StringBuilder(text.Length);
        var at = 0;
        foreach (Match id in Id().Matches(text))
        {
            safe.Append(WithoutPhones(text[at..id.Index])).Append(id.ValueSpan);
            at = id.Index + id.Length;
        }

        return safe.Append(WithoutPhones(text[at..])).ToString();
    }

    private static string WithoutPhones(string text) => PhoneMask.Mask(LogLeaks.HidePhones(text));

    // UUIDs; hashes that are called so; ISO 8601 times with up to nanoseconds; ids of evidence; migrations of Sequelize.
    [GeneratedRegex(
        """
        (?<!\w)(?:
          [0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}
          |(?:sha-?256|sha-?1|md5)[ :]{1,2}(?:[0-9a-f]{64}|[0-9a-f]{40}|[0-9a-f]{32})
          |\d{4}-[01]\d-[0-3]\d[T ][0-2]\d:[0-5]\d:[0-6]\d[.,]\d{1,9}(?:Z|[+-]\d\d:?\d\d)?
          |(?:19|20)\d\d[01]\d[0-3]\dT[0-2]\d[0-5]\d[0-6]\dZ
          |20\d\d[01]\d[0-3]\d[0-2]\d[0-5]\d[0-6]\d-[a-z][\w-]{0,200}\.[cm]?[jt]s
        )(?!\w)
        """, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Id();
}
