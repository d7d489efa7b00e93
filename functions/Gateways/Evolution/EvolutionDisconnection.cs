using System.Text.Json;

namespace WhatsOps.Gateways.Evolution;

/// <summary>Evolution stores the reason of a disconnection with a stringify into a JSON column, so it comes back as JSON inside a text.</summary>
internal static class EvolutionDisconnection
{
    /// <summary>The status code inside <c>disconnectionObject</c>, parsed as often as it was wrapped; null when there is none.</summary>
    public static int? ReasonOf(string text)
    {
        for (var wrapped = 0; wrapped < 3; wrapped++)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                if (json.RootElement.ValueKind != JsonValueKind.String) return CodeOf(json.RootElement);
                text = json.RootElement.GetString()!;
            }
            catch (JsonException)
            {
                return null;
            }
        }

        return null;
    }

    private static int? CodeOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object
        && error.TryGetProperty("output", out var output) && output.ValueKind == JsonValueKind.Object
        && output.TryGetProperty("statusCode", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var value) ? value : null;
}
