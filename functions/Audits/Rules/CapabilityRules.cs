using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>What an endpoint's absence means for this system.</summary>
internal static class CapabilityRules
{
    public static string Word(Outcome outcome) => outcome switch
    {
        Outcome.Seen => "available",
        Outcome.Absent => "absent",
        Outcome.Unauthorized => "unauthorized",
        _ => "unknown",
    };

    /// <summary>What does not work without it; null: nothing that is configured needs it.</summary>
    public static string? NeededFor(FleetSystem system, string capability) => capability switch
    {
        "webhook" => "webhooks cannot be compared or repaired",
        "find_messages" when system.Webhook.BaseUrl is not null => "lost events cannot be told by the gateway's own messages",
        _ => null,
    };
}
