using System.Text.Json.Serialization;

namespace WhatsOps.Simulator.Instances;

/// <summary>The settings of an instance, as settings/find tells them.</summary>
internal sealed record InstanceSettings(
    bool RejectCall = false,
    string MsgCall = "",
    bool GroupsIgnore = false,
    bool AlwaysOnline = false,
    bool ReadMessages = false,
    bool ReadStatus = false,
    bool SyncFullHistory = false,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? WavoipToken = "");
