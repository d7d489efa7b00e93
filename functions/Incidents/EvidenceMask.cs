using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WhatsOps.Events;
using WhatsOps.Watch;

namespace WhatsOps.Incidents;

/// <summary>Records as they may leave: every text of them without secrets and whole phone numbers. Ids and hashes stay, since evidence is found by them.</summary>
internal static partial class EvidenceMask
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static byte[] Json(object records)
    {
        var json = JsonSerializer.SerializeToNode(records, Readable);
        return JsonSerializer.SerializeToUtf8Bytes(Masked(json), Readable);
    }

    public static string Text(string text) => Identity().IsMatch(text) ? text : PhoneMask.Mask(LogLeaks.Hide(text));

    private static JsonNode? Masked(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.Select(member => KeyValuePair.Create(member.Key, Masked(member.Value)))),
        JsonArray array => new JsonArray([.. array.Select(Masked)]),
        JsonValue value when value.GetValueKind() == JsonValueKind.String => Text(value.GetValue<string>()),
        _ => node?.DeepClone(),
    };

    // UUIDs, and SHA-256 as engines and plans write it.
    [GeneratedRegex("^(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?:sha256:)?[0-9a-f]{64})$", RegexOptions.CultureInvariant)]
    private static partial Regex Identity();
}
