using System.Text.Json;

namespace WhatsOps.Watch;

/// <summary>Members of a JSON answer, by path; what is missing or of another kind is null.</summary>
internal static class JsonReading
{
    public static JsonElement? At(this JsonElement json, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(name, out json)) return null;
        return json;
    }

    public static string? Text(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    public static double? Number(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    public static bool? Truth(this JsonElement json, params ReadOnlySpan<string> path) => json.At(path)?.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };

    /// <summary>A short text for a person: letters, digits and a few signs of it.</summary>
    public static string Plain(string? text) => text is null ? "nothing" : new string([.. text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or ' ' or '.').Take(80)]);
}
