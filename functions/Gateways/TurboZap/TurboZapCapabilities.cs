namespace WhatsOps.Gateways.TurboZap;

/// <summary>TurboZap's optional endpoints.</summary>
internal static class TurboZapCapabilities
{
    // GET /api/webhook/events is meant to list events, and is taken for an instance of that name.
    public static IReadOnlyList<OptionalEndpoint> Optional { get; } =
    [
        new("metrics", HttpMethod.Get, "/metrics"),
        new("stats", HttpMethod.Get, "/api/stats/messages"),
        new("webhook", HttpMethod.Get, "/api/webhook/{0}/"),
        new("webhook_events", HttpMethod.Get, "/api/webhook/events"),
    ];

    public static Capability NoMessages { get; } = new("find_messages", "no endpoint", Outcome.Absent, "TurboZap tells nobody what messages it has stored");
}
