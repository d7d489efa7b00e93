using System.Text.Json.Serialization;

namespace WhatsOps.Fleet;

/// <summary>How the answer of an HTTP target is read.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HttpShape>))]
public enum HttpShape
{
    /// <summary>2xx is well; the body is not read.</summary>
    [JsonStringEnumMemberName("status")]
    Status,

    /// <summary>TaktChat's <c>/health</c>: always 200, the body says ok or degraded .</summary>
    [JsonStringEnumMemberName("taktchat_health")]
    TaktChatHealth,

    /// <summary>TaktChat's <c>/version</c>: version, commit and date of the build; 503 says that its database is away .</summary>
    [JsonStringEnumMemberName("taktchat_version")]
    TaktChatVersion,

    /// <summary>WhatsApp Agent's <c>/health/detailed</c>; its <c>/health</c> is static. Calls Meta and OpenAI: every 300 seconds at most.</summary>
    [JsonStringEnumMemberName("agent_health")]
    AgentHealth,

    /// <summary>WhatsApp Agent's <c>/webhook/status</c>: signature validation, Meta's API, the fallback queue .</summary>
    [JsonStringEnumMemberName("agent_webhook")]
    AgentWebhook,

    /// <summary>The bot's <c>/monitoring/health</c> (R-338).</summary>
    [JsonStringEnumMemberName("bot_health")]
    BotHealth,

    /// <summary>The bot's <c>/monitoring/stats</c> (R-339).</summary>
    [JsonStringEnumMemberName("bot_stats")]
    BotStats,

    /// <summary>The bot's <c>/monitoring/stats/24h</c>: messages, errors and users of the last 24 hours .</summary>
    [JsonStringEnumMemberName("bot_day")]
    BotDay,

    /// <summary>TurboZap's <c>/health</c>: static, so it proves that it is TurboZap which answers, and no more .</summary>
    [JsonStringEnumMemberName("turbozap_health")]
    TurboZapHealth,

    /// <summary>Text exposition of Prometheus .</summary>
    [JsonStringEnumMemberName("prometheus")]
    Prometheus,

    /// <summary>The metrics of node_exporter: disks and memory of a machine .</summary>
    [JsonStringEnumMemberName("node_exporter")]
    NodeExporter,
}
