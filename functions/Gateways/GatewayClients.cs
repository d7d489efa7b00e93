using System.Collections.Concurrent;
using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IGateways"/>
internal sealed class GatewayClients(IFleet fleet, IHttpClientFactory clients, IGatewayCallLog log, TimeProvider time) : IGateways
{
    // One per address for the life of the process: a fleet has dozens.
    private readonly ConcurrentDictionary<(string System, string Gateway, string Url), EvolutionEndpoint> _endpoints = new();

    public IGateway Open(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: false);

    public IGateway OpenForSweep(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: true);

    private EvolutionGateway Open(FleetSystem system, GatewayEndpoint endpoint, bool single)
    {
        if (system.Kind != "evolution") throw new ProblemException(409, $"System {system.Name} is of kind {system.Kind}, which has no gateway client.", null, "Use kind evolution.");
        var transport = new EvolutionTransport(clients, time, fleet.Resolve(endpoint.Url), fleet.Resolve(endpoint.ApiKey));
        var shared = _endpoints.GetOrAdd((system.Name, endpoint.Name, endpoint.Url), _ => new EvolutionEndpoint(time));
        return new EvolutionGateway(system, endpoint, new EvolutionCaller(system, endpoint, transport, shared, log, time, single), shared, time);
    }
}
