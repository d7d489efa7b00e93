using System.Text.Json.Serialization;

namespace WhatsOps.Runbooks;

/// <summary>What one run of a runbook is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunbookScope>))]
public enum RunbookScope
{
    /// <summary>One tenant's instance.</summary>
    [JsonStringEnumMemberName("tenant")]
    Tenant,

    /// <summary>One gateway as a whole; its instances are the items of a ForEach.</summary>
    [JsonStringEnumMemberName("gateway")]
    Gateway,

    /// <summary>One system as a whole: its databases and files.</summary>
    [JsonStringEnumMemberName("system")]
    System,
}
