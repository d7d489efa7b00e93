using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>Finds the words in Evolution's envelope <c>{status,error,response:{message}}</c>; message is a text, an array or nested arrays.</summary>
internal static class EvolutionErrors
{
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
}
