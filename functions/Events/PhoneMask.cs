using System.Text.RegularExpressions;

namespace WhatsOps.Events;

/// <summary>
/// Hides phone numbers in what people are shown: of eight digits or more in a row only the last four stay, and so of a number as people write it, with
/// its country (+55 11 99999-0000), its area in brackets, or area and hyphen. What is written otherwise is no number for certain: dates, versions and addresses stay.
/// </summary>
internal static partial class PhoneMask
{
    private const int Least = 8;
    private const int Shown = 4;

    public static string Mask(string text) => Numbers().Replace(text, static number => Hide(number.Value));

    private static string Hide(string number)
    {
        var hidden = number.Count(char.IsDigit) - Shown;
        return hidden < Least - Shown ? number : string.Create(number.Length, (number, hidden), static (letters, from) =>
        {
            var left = from.hidden;
            for (var index = 0; index < letters.Length; index++) letters[index] = char.IsDigit(from.number[index]) && left-- > 0 ? '*' : from.number[index];
        });
    }

    [GeneratedRegex(@"\+[0-9][0-9 ().-]{6,20}[0-9]|\([0-9]{2,3}\)[ .-]?[0-9][0-9 .-]{5,12}[0-9]|\d{8,}|(?<![0-9])[0-9]{2} 9?[ .]?[0-9]{4}-[0-9]{4}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Numbers();
}
