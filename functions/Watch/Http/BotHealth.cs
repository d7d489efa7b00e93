using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>The bot's <c>GET /monitoring/health</c>: <c>{status, uptime (s), redis:{connected}, memory:{used, total} (MB)}</c> (R-338, R-342, R-345, R-346).</summary>
internal static class BotHealth
{
    public static Reading? Read(JsonElement body)
    {
        if (body.Text("status") is not { } status) return null;
        var measures = BotStats.Common(body);
        List<Trouble> troubles = [];
        if (status != "healthy") troubles.Add(new(TroubleKinds.Unhealthy, Severity.Critical, $"The bot says {JsonReading.Plain(status)}."));
        if (body.Truth("redis", "connected") is not true)
            troubles.Add(body.Truth("redis", "connected") is null
                ? new(TroubleKinds.NotObservable, Severity.Low, "The bot does not say whether Redis is connected.") { Subject = "redis" }
                : new(TroubleKinds.Unhealthy, Severity.Critical, "The bot has lost Redis.") { Subject = "redis" });
        return Reading.Seen($"It says {JsonReading.Plain(status)}.", measures, troubles);
    }
}
