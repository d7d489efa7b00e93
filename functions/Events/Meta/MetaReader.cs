using System.Text.Json;

namespace WhatsOps.Events;

/// <summary>
/// Takes a body of Meta's apart, one change each, since one body may hold several accounts. What cannot be read is no exception but a
/// <see cref="MetaBody.Problem"/>.
/// </summary>
internal static class MetaReader
{
    // Meta's own limit for one body; more rows than the log lets wait could never be stored together.
    private const int MaxChanges = 1000;

    public static MetaBody Read(ReadOnlyMemory<byte> body, int maxDepth, PhoneHasher phones)
    {
        try
        {
            if (IsTooDeep(body.Span, maxDepth)) return MetaBody.Unread(EnvelopeReader.TooDeep);
            using var json = JsonDocument.Parse(body, new() { MaxDepth = maxDepth + 2 });
            var root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Member(root, "entry", JsonValueKind.Array) is not { } entries) return MetaBody.Unread(EnvelopeReader.Malformed);
            var changes = new List<MetaChange>();
            foreach (var entry in entries.EnumerateArray())
            {
                if (entry.ValueKind != JsonValueKind.Object) return MetaBody.Unread(EnvelopeReader.Malformed);
                if (Member(entry, "changes", JsonValueKind.Array) is { } list)
                    foreach (var change in list.EnumerateArray()) changes.Add(MetaChangeReader.Read(root, entry, change, phones));
                // An entry of another of Meta's products has other lists: whatever it is, nothing signed is lost.
                else changes.Add(MetaChangeReader.ReadStrange(root, entry, phones));
                if (changes.Count > MaxChanges) return MetaBody.Unread(EnvelopeReader.Malformed);
            }

            return new(null, changes);
        }
        catch (Exception problem) when (problem is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: text that is no Unicode (a lone surrogate).
            return MetaBody.Unread(EnvelopeReader.Malformed);
        }
    }

    /// <summary>A member of that kind; null: there is none, or of another kind.</summary>
    internal static JsonElement? Member(JsonElement json, string name, JsonValueKind kind) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == kind ? value : null;

    // The reader's own exception does not tell depth from garbage.
    private static bool IsTooDeep(ReadOnlySpan<byte> body, int maxDepth)
    {
        var reader = new Utf8JsonReader(body, isFinalBlock: true, new JsonReaderState(new() { MaxDepth = maxDepth + 2 }));
        while (reader.Read())
            if (reader.CurrentDepth >= maxDepth) return true;
        return false;
    }
}
