using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>TaktChat's <c>GET /health</c>: <c>{status, api:{status}, database:{status, error}}</c>, always with 200 .</summary>
internal static class TaktChatHealth
{
    public static Reading? Read(JsonElement body)
    {
        if (body.Text("status") is not { } status || body.Text("database", "status") is not { } database) return null;
        if (status == "ok" && database == "ok") return Reading.Seen("It says ok, its database too.", []);
        var cause = database != "ok"
            // Sessions, queues and crons are started once, with the database; its later "ok" does not start them.
            ? $"TaktChat says {JsonReading.Plain(status)}: its database is {JsonReading.Plain(database)}. When the database is back, check sessions and queues: after a start without it they stay down until a restart."
            : $"TaktChat says {JsonReading.Plain(status)}.";
        return Reading.Seen($"It says {JsonReading.Plain(status)}.", [], new Trouble(TroubleKinds.Unhealthy, Severity.High, cause) { Evidence = new Dictionary<string, string> { ["database"] = JsonReading.Plain(database) } });
    }
}
