using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace WhatsOps.Gateways.Evolution;

/// <summary>Makes sentences of what went wrong, fit for an operator's eyes: without the key, phone numbers masked, short.</summary>
internal static partial class EvolutionErrors
{
    private const int MaxLength = 300;

    /// <summary>The words of Evolution's envelope <c>{status,error,response:{message}}</c>; message is a text, an array or nested arrays.</summary>
    public static string FromBody(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object) return "";
        var words = new List<string>();
        if (body.TryGetProperty("response", out var response) && response.ValueKind == JsonValueKind.Object && response.TryGetProperty("message", out var inner)) Flatten(inner, words);
        if (words.Count == 0 && body.TryGetProperty("message", out var message)) Flatten(message, words);
        if (words.Count == 0 && body.TryGetProperty("error", out var error)) Flatten(error, words);
        // Evolution throws a plain object inside connect and restart, and prints it.
        return string.Join("; ", words).Replace("[object Object]", "the gateway hides the cause", StringComparison.Ordinal);
    }

    /// <summary>True for the errors that come disguised as 200: <c>{"error":true,"message":…}</c>.</summary>
    public static bool IsDisguised(JsonElement body) =>
        body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.True;

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

    private static void Flatten(JsonElement element, List<string> words)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String when element.GetString() is { Length: > 0 } text:
                words.Add(text);
                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Flatten(item, words);
                break;
        }
    }

    [GeneratedRegex(@"(?<![\d\-a-fA-F])\d{8,15}(?![\d\-a-fA-F])", RegexOptions.CultureInvariant)]
    private static partial Regex PhoneNumber();
}
