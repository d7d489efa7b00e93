using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>Fields of the management API's answers, which are not always there: a queue without statistics yet has no numbers, and none is not 0.</summary>
internal static class RabbitMqJson
{
    public static double? Number(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : null;

    public static string? Text(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : null;
}
