using System.Collections.Concurrent;
using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IGateways"/>
internal sealed class GatewayClients(IFleet fleet, IHttpClientFactory clients, IGatewayCallLog log, TurboZapDatabase turboZap, TimeProvider time) : IGateways
{
    // One per address for the life of the process: a fleet has dozens.
    private readonly ConcurrentDictionary<(string System, string Gateway, string Url), (GatewayCircuit Circuit, EvolutionEndpoint Evolution)> _shared = new();

    public IGateway Open(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: false);

    public IGateway OpenForSweep(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: true);

    private IGateway Open(FleetSystem system, GatewayEndpoint endpoint, bool single)
    {
        var transport = new GatewayTransport(clients, time, GatewayDialects.Of(system), fleet.Resolve(endpoint.Url), fleet.Resolve(endpoint.ApiKey));
        var (circuit, evolution) = _shared.GetOrAdd((system.Name, endpoint.Name, endpoint.Url), _ => (new(time), new()));
        var caller = new GatewayCaller(system, endpoint, transport, circuit, log, time, single);
        return system.Kind == SystemKinds.TurboZap
            ? new TurboZapGateway(system, endpoint, caller, turboZap, time)
            : new EvolutionGateway(system, endpoint, caller, evolution, time);
    }
}
