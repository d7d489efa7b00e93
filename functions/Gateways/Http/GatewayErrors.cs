using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;

namespace WhatsOps.Gateways;

/// <summary>Makes sentences of what went wrong, fit for an operator's eyes: without the key, phone numbers masked, short.</summary>
internal static partial class GatewayErrors
{
    private const int MaxLength = 300;

    public static string From(HttpRequestException problem) => problem.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "the name does not resolve",
        HttpRequestError.ConnectionError => "connection refused or not possible",
        HttpRequestError.SecureConnectionError => "TLS failed: " + (problem.InnerException?.Message ?? "no secure connection"),
        HttpRequestError.ResponseEnded => "the connection ended before the answer was complete",
        HttpRequestError.InvalidResponse => "the answer is not HTTP",
        _ => "the connection broke",
    };

    /// <summary>Safe to show and to keep.</summary>
    public static string Safe(string text, string? key)
    {
        if (!string.IsNullOrEmpty(key)) text = text.Replace(key, "***", StringComparison.Ordinal);
        text = PhoneNumber().Replace(text, match => match.Value[..2] + new string('*', match.Length - 4) + match.Value[^2..]);
        var clean = new StringBuilder(Math.Min(text.Length, MaxLength + 1));
        foreach (var letter in text)
        {
            if (clean.Length >= MaxLength) return clean.Append('…').ToString();
            clean.Append(char.IsControl(letter) ? ' ' : letter);
        }

        return clean.ToString();
    }

    [GeneratedRegex(@"(?<![\d\-a-fA-F])\d{8,15}(?![\d\-a-fA-F])", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumber();
}
