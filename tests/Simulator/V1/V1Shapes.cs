using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.V1;

/// <summary>The bodies of v1.8, which differ from those of v2.</summary>
internal static class V1Shapes
{
    /// <summary>Nested rows; a single match is the object itself, not an array.</summary>
    public static Answer Fetched(IReadOnlyList<Instance> rows) =>
        rows.Count == 1 ? Answer.Ok(Row(rows[0])) : Answer.Ok(rows.Select(Row));

    /// <summary>The hash is an object and the settings are snake_case.</summary>
    public static JsonNode Created(Instance instance, JsonElement request, JsonObject? qrcode)
    {
        var created = new JsonObject
        {
            ["instance"] = new JsonObject
            {
                ["instanceName"] = instance.Name,
                ["instanceId"] = instance.Id,
                ["webhook_wa_business"] = null,
                ["access_token_wa_business"] = "",
                ["status"] = "created"
            },
            ["hash"] = new JsonObject { ["apikey"] = instance.Token },
            ["webhook"] = request.Text("webhook"),
            ["webhook_by_events"] = request.Flag("webhook_by_events") ?? false,
            ["events"] = new JsonArray([.. (request.Texts("events") ?? []).Select(name => (JsonNode)name)]),
            ["settings"] = new JsonObject
            {
                ["reject_call"] = request.Flag("reject_call") ?? false,
                ["msg_call"] = request.Text("msg_call") ?? "",
                ["groups_ignore"] = request.Flag("groups_ignore") ?? true,
                ["always_online"] = request.Flag("always_online") ?? false,
                ["read_messages"] = request.Flag("read_messages") ?? false,
                ["read_status"] = request.Flag("read_status") ?? false,
                ["sync_full_history"] = request.Flag("sync_full_history") ?? false
            }
        };
        if (qrcode is not null) created["qrcode"] = qrcode;
        return created;
    }

    private static object Row(Instance instance) => new
    {
        instance = new
        {
            instanceName = instance.Name,
            instanceId = instance.Id,
            owner = instance.OwnerJid ?? "not loaded",
            profileName = instance.ProfileName ?? "not loaded",
            profilePictureUrl = (string?)null,
            profileStatus = "",
            status = instance.State,
            serverUrl = (string?)null,
            apikey = instance.Token,
            integration = new { integration = instance.Integration }
        }
    };
}
