using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TurboZap;

/// <summary>TurboZap's optional endpoints; nothing that would send or change anything is asked.</summary>
internal sealed class TurboZapCapabilities(GatewayQuestions questions)
{
    // {0} is the instance. GET /api/webhook/events is meant to list events, and is taken for an instance of that name.
    private static readonly (string Name, string Path)[] Optional =
    [
        ("metrics", "/metrics"), ("stats", "/api/stats/messages"), ("webhook", "/api/webhook/{0}/"), ("webhook_events", "/api/webhook/events"),
    ];

    public async Task<IReadOnlyList<Capability>> ProbeAsync(FleetSystem system, GatewayEndpoint endpoint, string? instance, CancellationToken cancellation)
    {
        var found = new List<Capability>();
        foreach (var (name, path) in Optional.Where(optional => instance is not null || !optional.Path.Contains("{0}", StringComparison.Ordinal)))
        {
            var place = path.Replace("{0}", GatewayRequest.Escape(instance ?? ""), StringComparison.Ordinal);
            var answer = await questions.AskAsync(system, endpoint, null, new GatewayRequest("capability", HttpMethod.Get, place, instance), (_, _) => Task.FromResult(true), cancellation);
            var outcome = OutcomeOf(answer);
            found.Add(new(name, $"GET {path.Replace("{0}", "{instance}", StringComparison.Ordinal)}", outcome, outcome == Outcome.Seen ? null : answer.Detail));
        }

        found.Add(new("find_messages", "no endpoint", Outcome.Absent, "TurboZap tells nobody what messages it has stored"));
        return found;
    }

    private static Outcome OutcomeOf(GatewayAnswer<bool> answer) => answer switch
    {
        { Trouble: not null } or { Status: >= 500 } => Outcome.Unreachable,
        { Value: false, IsUnauthorized: true } => Outcome.Unauthorized,
        // Also "Instance not found": of an instance that is there it can only be the route's own.
        { Status: 404 } => Outcome.Absent,
        _ => Outcome.Seen,
    };
}
