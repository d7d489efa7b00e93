using WhatsOps.Fleet;

namespace WhatsOps.Privacy;

/// <summary>A telephone number as WhatsApp writes it: digits with country code.</summary>
internal static class PhoneNumber
{
    private const int Least = 10;
    private const int Most = 15;

    /// <summary>
    /// Every form that one person's number has. A Brazilian mobile number got a 9 after its area code; WhatsApp knows the older accounts without it.
    /// </summary>
    /// <exception cref="ProblemException">400; the text is not repeated.</exception>
    public static IReadOnlyList<string> FormsOf(string? text)
    {
        var digits = new string([.. (text ?? "").Where(letter => letter is not ('+' or ' ' or '-' or '(' or ')' or '.'))]);
        if (digits.Length is < Least or > Most || !digits.All(char.IsAsciiDigit))
            throw new ProblemException(400, "The phone is no telephone number with country code.", "$.phone", "Send 10 to 15 digits, like 5511999990000.");
        if (!digits.StartsWith("55", StringComparison.Ordinal)) return [digits];
        if (digits.Length == 13 && digits[4] == '9') return [digits, digits.Remove(4, 1)];
        return digits.Length == 12 ? [digits, digits.Insert(4, "9")] : [digits];
    }
}
