using WhatsOps.Fleet;

namespace WhatsOps.Gateways.Evolution;

/// <summary>Evolution's optional endpoints.</summary>
internal sealed class EvolutionCapabilities(GatewayQuestions questions)
{
    // {0} is the instance. The POSTs are answered without doing anything: an empty sendText fails its schema, and no message has this id.
    private static readonly (string Name, HttpMethod Method, string Path, object? Body)[] Optional =
    [
        ("metrics", HttpMethod.Get, "/metrics", null),
        ("webhook", HttpMethod.Get, "/webhook/find/{0}", null),
        ("settings", HttpMethod.Get, "/settings/find/{0}", null),
        ("proxy", HttpMethod.Get, "/proxy/find/{0}", null),
        ("websocket", HttpMethod.Get, "/websocket/find/{0}", null),
        ("rabbitmq", HttpMethod.Get, "/rabbitmq/find/{0}", null),
        ("find_messages", HttpMethod.Post, "/chat/findMessages/{0}", new { where = new { key = new { id = "none" } }, page = 1, offset = 1 }),
        ("send_text", HttpMethod.Post, "/message/sendText/{0}", new { }),
    ];

    public async Task<IReadOnlyList<Capability>> ProbeAsync(FleetSystem system, GatewayEndpoint endpoint, string? instance, CancellationToken cancellation)
    {
        var found = new List<Capability>();
        foreach (var (name, method, path, body) in Optional.Where(optional => instance is not null || !optional.Path.Contains("{0}", StringComparison.Ordinal)))
        {
            var place = path.Replace("{0}", GatewayRequest.Escape(instance ?? ""), StringComparison.Ordinal);
            var answer = await questions.AskAsync(system, endpoint, null, new GatewayRequest("capability", method, place, instance, body), IgnoreAsync, cancellation);
            var outcome = OutcomeOf(answer);
            found.Add(new(name, $"{method} {path.Replace("{0}", "{instance}", StringComparison.Ordinal)}", outcome, outcome == Outcome.Seen ? null : answer.Detail));
        }

        return found;
    }

    private static Outcome OutcomeOf(GatewayAnswer<bool> answer) => answer switch
    {
        { Trouble: not null } or { Status: >= 500 } => Outcome.Unreachable,
        { IsUnauthorized: true } => Outcome.Unauthorized,
        // "Proxy not found" is the endpoint speaking; "Cannot GET …" and a reverse proxy's own page are its absence.
        { Status: 404 } => answer.SaysNoSuchInstance ? Outcome.Seen : Outcome.Absent,
        _ => Outcome.Seen,
    };

    private static Task<bool> IgnoreAsync(Stream body, CancellationToken cancellation) => Task.FromResult(true);
}
