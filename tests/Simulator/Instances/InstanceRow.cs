using System.Text.Json.Serialization;
using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>A row of fetchInstances, in the order of the recorded answers.</summary>
internal sealed record InstanceRow(
    string Id, string Name, string ConnectionStatus, string? OwnerJid, string? ProfileName, string? ProfilePicUrl, string Integration,
    string? Number, string? BusinessId, string Token, string ClientName, int? DisconnectionReasonCode,
    // A JSON text inside a JSON column: it has to be parsed twice.
    string? DisconnectionObject, string? DisconnectionAt, string CreatedAt, string UpdatedAt,
    [property: JsonPropertyName("Chatwoot")] object? Chatwoot, [property: JsonPropertyName("Proxy")] object? Proxy,
    [property: JsonPropertyName("Rabbitmq")] object? Rabbitmq, [property: JsonPropertyName("Nats")] object? Nats,
    [property: JsonPropertyName("Sqs")] object? Sqs, [property: JsonPropertyName("Websocket")] object? Websocket,
    [property: JsonPropertyName("Setting")] object? Setting, [property: JsonPropertyName("_count")] InstanceRow.Counts Count)
{
    public static InstanceRow Of(Instance instance, string clientName) => new(
        instance.Id, instance.Name, instance.ConnectionStatus, instance.OwnerJid, instance.ProfileName, null, instance.Integration,
        instance.Number, null, instance.Token, clientName, instance.DisconnectionReasonCode, instance.DisconnectionObject,
        instance.DisconnectionAt is { } at ? Json.Iso(at) : null, Json.Iso(instance.CreatedAt), Json.Iso(instance.UpdatedAt),
        null, null, null, null, null, null, SettingOf(instance),
        new Counts(instance.MessageCount, instance.ContactCount, instance.ContactCount));

    private static object SettingOf(Instance instance) => new
    {
        id = instance.SettingsId,
        instance.Settings.RejectCall,
        instance.Settings.MsgCall,
        instance.Settings.GroupsIgnore,
        instance.Settings.AlwaysOnline,
        instance.Settings.ReadMessages,
        instance.Settings.ReadStatus,
        instance.Settings.SyncFullHistory,
        instance.Settings.WavoipToken,
        createdAt = Json.Iso(instance.CreatedAt),
        updatedAt = Json.Iso(instance.SettingsUpdatedAt),
        instanceId = instance.Id
    };

    internal sealed record Counts(
        [property: JsonPropertyName("Message")] int Message,
        [property: JsonPropertyName("Contact")] int Contact,
        [property: JsonPropertyName("Chat")] int Chat);
}
