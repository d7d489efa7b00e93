using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>WhatsApp Agent's public <c>GET /webhook/status</c> (R-250): whether it checks Meta's signatures, and what waits.</summary>
internal static class AgentWebhook
{
    public static Reading? Read(JsonElement body)
    {
        if (body.Text("webhook_status") is not { } status || body.Text("security", "signature_validation") is not { } validation) return null;
        List<Measure> measures = [];
        if (body.Number("meta_api", "fallback_queue_size") is { } waiting) measures.Add(new("agent.fallback_queue.messages", waiting));
        if (body.Number("meta_api", "requests_remaining") is { } left) measures.Add(new("agent.meta.requests_remaining", left));
        List<Trouble> troubles = [];
        if (status != "active") troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, $"The agent's webhook is {JsonReading.Plain(status)}."));
        if (validation != "enabled")
            troubles.Add(new(TroubleKinds.Exposed, Severity.Critical, "The agent takes webhooks without checking Meta's signature: anybody can send it messages. Fix: set its app secret, and take BYPASS_WEBHOOK_VALIDATION out.") { Subject = "signature" });
        if (body.Text("meta_api", "status") is { } meta and not "available")
            troubles.Add(new(TroubleKinds.Unhealthy, meta == "unavailable" ? Severity.High : Severity.Medium, $"To the agent Meta's API is {JsonReading.Plain(meta)}.") { Subject = "meta" });
        return Reading.Seen($"Its webhook is {JsonReading.Plain(status)}, signature validation {JsonReading.Plain(validation)}.", measures, troubles);
    }
}
