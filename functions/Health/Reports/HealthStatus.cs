using System.Text.Json.Serialization;

namespace WhatsOps.Health;

/// <summary>How a system, a service or a tenant is, from best to worst (R-093…R-100).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthStatus>))]
public enum HealthStatus
{
    [JsonStringEnumMemberName("healthy")]
    Healthy,

    /// <summary>Could not be looked at; not seen is never healthy.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
    [JsonStringEnumMemberName("degraded")]
    Degraded,
    [JsonStringEnumMemberName("unhealthy")]
    Unhealthy,

    /// <summary>The check itself failed.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}
