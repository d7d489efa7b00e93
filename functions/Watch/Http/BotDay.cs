using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>The bot's <c>GET /monitoring/stats/24h</c>: <c>{period: "last_24h", startTime, endTime, messages, errors, users}</c>, which a restart does not begin anew .</summary>
internal static class BotDay
{
    public static Reading? Read(JsonElement body)
    {
        // The stats since its start have messages and errors, too.
        if (body.Text("period") != "last_24h") return null;
        var measures = new List<Measure>();
        var troubles = new List<Trouble>();
        foreach (var name in (string[])["messages", "errors", "users"])
        {
            if (body.Number(name) is { } value) measures.Add(new($"bot.day.{name}", value));
            else troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, $"The bot's last 24 hours have no number of {name}: its rules say nothing.") { Subject = name });
        }

        return Reading.Seen("Its numbers of 24 hours are there.", measures, troubles);
    }
}
