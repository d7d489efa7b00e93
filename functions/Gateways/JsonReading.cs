using System.Text.Json;

namespace WhatsOps.Gateways;

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

    /// <summary>The texts of an array; empty without one.</summary>
    public static string[] Texts(this JsonElement json, string name) => json.At(name) is { ValueKind: JsonValueKind.Array } array
        ? [.. array.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    /// <summary>The texts of an object by their names, whose case does not count, as in headers; empty without one.</summary>
    public static Dictionary<string, string> TextsByName(this JsonElement json, string name)
    {
        var texts = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        if (json.At(name) is not { ValueKind: JsonValueKind.Object } named) return texts;
        foreach (var member in named.EnumerateObject())
            if (member.Value.ValueKind == JsonValueKind.String) texts[member.Name] = member.Value.GetString()!;
        return texts;
    }

    /// <summary>A short text for a person: letters, digits and a few signs of it.</summary>
    public static string Plain(string? text) => text is null ? "nothing" : new string([.. text.Where(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-' or ' ' or '.').Take(80)]);
}
