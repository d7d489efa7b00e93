using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>WhatsApp Agent's <c>GET /health/detailed</c>: <c>{overall_status, checks:{name:{status, response_time}}}</c>, with 503 when it is unhealthy (R-150).</summary>
internal static class AgentHealth
{
    public static Reading? Read(JsonElement body)
    {
        if (body.Text("overall_status") is not { } overall || body.At("checks") is not { ValueKind: JsonValueKind.Object } checks) return null;
        var measures = new List<Measure>();
        var sick = new List<string>();
        foreach (var check in checks.EnumerateObject())
        {
            if (check.Value.Number("response_time") is { } seconds) measures.Add(new("agent.check.seconds", seconds, JsonReading.Plain(check.Name)));
            if (check.Value.Text("status") != "healthy") sick.Add($"{JsonReading.Plain(check.Name)} is {JsonReading.Plain(check.Value.Text("status"))}");
        }

        var token = checks.Truth("whatsapp_api", "details", "token_valid");
        List<Trouble> troubles = [];
        if (overall != "healthy")
            troubles.Add(new(TroubleKinds.Unhealthy, overall == "degraded" ? Severity.Medium : Severity.Critical, $"The agent says {JsonReading.Plain(overall)}: {(sick.Count > 0 ? string.Join(", ", sick) : "no check says why")}."));
        if (token == false) troubles.Add(new(TroubleKinds.Unhealthy, Severity.Critical, "Meta does not accept the agent's token: nothing is sent. Fix: a new token in Meta's business settings.") { Subject = "token" });
        return Reading.Seen($"It says {JsonReading.Plain(overall)}.", measures, troubles);
    }
}
