using System.Text.RegularExpressions;

namespace WhatsOps.Events;

/// <summary>Hides phone numbers in what people are shown: of eight digits or more in a row only the last four stay.</summary>
internal static partial class PhoneMask
{
    public static string Mask(string text) => Digits().Replace(text, number => new string('*', number.Length - 4) + number.Value[^4..]);

    [GeneratedRegex(@"\d{8,}", RegexOptions.CultureInvariant)]
    private static partial Regex Digits();
}
