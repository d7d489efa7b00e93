using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using WhatsOps.Watch;

namespace WhatsOps.Incidents;

/// <summary>Records as they may leave: every text of them without secrets and whole phone numbers. Ids and hashes stay, since evidence is found by them.</summary>
internal static partial class EvidenceMask
{
    private const string Hidden = "***";
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerOptions.Web) { WriteIndented = true };

    public static byte[] Json(object records)
    {
        var json = JsonSerializer.SerializeToNode(records, Readable);
        return JsonSerializer.SerializeToUtf8Bytes(Masked("", json), Readable);
    }

    public static string Text(string text) => Text("", text);

    // A hash looks like a key that somebody made with openssl rand -hex 32: what it is called tells them apart.
    private static string Text(string name, string text) => !Hex().IsMatch(text) ? SafeText.Of(text) : HashName().IsMatch(name) ? text : Hidden;

    // Yes, no and nothing are no secrets.
    private static JsonNode? Masked(string name, JsonNode? node) => node?.GetValueKind() switch
    {
        null or JsonValueKind.True or JsonValueKind.False => node?.DeepClone(),
        _ when LogLeaks.IsSecretName(name) => Hidden,
        JsonValueKind.Object => new JsonObject(node.AsObject().Select(member => KeyValuePair.Create(member.Key, Masked(member.Key, member.Value)))),
        JsonValueKind.Array => new JsonArray([.. node.AsArray().Select(item => Masked(name, item))]),
        JsonValueKind.String => Text(name, node.GetValue<string>()),
        _ => node.DeepClone(),
    };

    [GeneratedRegex("^[0-9a-f]{64}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Hex();

    [GeneratedRegex("(?:^id|Id|^digest|Digest|^sha256|Sha256|^hash|Hash)$", RegexOptions.CultureInvariant)]
    private static partial Regex HashName();
}
