using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TaktChat;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="ICapabilityProbe"/>
internal sealed class CapabilityProbe(GatewayQuestions questions) : ICapabilityProbe
{
    public async Task<IReadOnlyList<Capability>> ProbeAsync(FleetSystem system, GatewayEndpoint endpoint, string? instance, CancellationToken cancellation)
    {
        if (system.Kind == SystemKinds.TaktChat) return TaktChatCapabilities.All;
        var isTurboZap = system.Kind == SystemKinds.TurboZap;
        var found = new List<Capability>();
        foreach (var optional in (isTurboZap ? TurboZapCapabilities.Optional : EvolutionCapabilities.Optional).Where(optional => instance is not null || !optional.NeedsInstance))
        {
            var call = new GatewayRequest("capability", optional.Method, optional.At(GatewayRequest.Escape(instance ?? "")), instance, optional.Body);
            var answer = await questions.AskAsync(system, endpoint, null, call, (_, _) => Task.FromResult(true), cancellation);
            var outcome = OutcomeOf(answer, isTurboZap);
            found.Add(new(optional.Name, $"{optional.Method} {optional.At("{instance}")}", outcome, outcome == Outcome.Seen ? null : answer.Detail));
        }

        if (isTurboZap) found.Add(TurboZapCapabilities.NoMessages);
        return found;
    }

    private static Outcome OutcomeOf(GatewayAnswer<bool> answer, bool isTurboZap) => answer switch
    {
        { Trouble: not null } or { Status: >= 500 } => Outcome.Unreachable,
        // TurboZap's 403 with a success in it is one.
        { Value: false, IsUnauthorized: true } => Outcome.Unauthorized,
        // Evolution's "Proxy not found" is the endpoint speaking; "Cannot GET …" and a reverse proxy's own page are its absence. TurboZap's "Instance not found" of an
        // instance that is there can only be the route's own.
        { Status: 404 } => answer.SaysNoSuchInstance && !isTurboZap ? Outcome.Seen : Outcome.Absent,
        _ => Outcome.Seen,
    };
}
