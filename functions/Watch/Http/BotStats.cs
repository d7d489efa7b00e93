using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>The bot's <c>GET /monitoring/stats</c>: uptime, memory, and totals since its start of messages, errors and users .</summary>
internal static class BotStats
{
    public static Reading? Read(JsonElement body)
    {
        if (body.At("messages") is null || body.At("errors") is null) return null;
        List<Measure> measures = [.. Common(body), .. Number(body, "bot.messages", "messages", "total"), .. Number(body, "bot.errors", "errors", "total"), .. Number(body, "bot.users.active", "users", "active")];
        string[] missing = [.. new[] { "bot.messages", "bot.errors" }.Where(name => !measures.Exists(measure => measure.Metric == name))];
        return Reading.Seen("Its numbers are there.", measures, missing.Select(name => new Trouble(TroubleKinds.NotObservable, Severity.Low, $"The bot's stats have no total for {name}: its rules say nothing.") { Subject = name }));
    }

    /// <summary>What health and stats both have.</summary>
    public static List<Measure> Common(JsonElement body)
    {
        List<Measure> measures = [.. Number(body, "bot.uptime.seconds", "uptime"), .. Number(body, "bot.memory.megabytes", "memory", "used")];
        if (body.Number("memory", "used") is { } used && body.Number("memory", "total") is > 0 and var total) measures.Add(new("bot.memory.percent", 100 * used / total));
        return measures;
    }

    private static IEnumerable<Measure> Number(JsonElement body, string metric, params string[] path) => body.Number(path) is { } value ? [new(metric, value)] : [];
}
