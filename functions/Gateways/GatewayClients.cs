using System.Collections.Concurrent;
using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TaktChat;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IGateways"/>
internal sealed class GatewayClients(IFleet fleet, IHttpClientFactory clients, IGatewayCallLog log, TurboZapDatabase turboZap, TaktChatSessions taktChat, TaktChatCodes codes, TimeProvider time) : IGateways
{
    // One per address for the life of the process: a fleet has dozens.
    private readonly ConcurrentDictionary<(string System, string Gateway, string Url), (GatewayCircuit Circuit, EvolutionEndpoint Evolution)> _shared = new();

    public IGateway Open(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: false);

    public IGateway OpenForSweep(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint, single: true);

    private IGateway Open(FleetSystem system, GatewayEndpoint endpoint, bool single)
    {
        var (circuit, evolution) = _shared.GetOrAdd((system.Name, endpoint.Name, endpoint.Url), _ => (new(time), new()));
        return system.Kind switch
        {
            SystemKinds.TaktChat => TaktChat(system, endpoint, Caller),
            SystemKinds.TurboZap => new TurboZapGateway(system, endpoint, Caller(WithKey(system, endpoint)), turboZap, time),
            _ => new EvolutionGateway(system, endpoint, Caller(WithKey(system, endpoint)), evolution, time),
        };

        GatewayCaller Caller(IGatewayTransport transport) => new(system, endpoint, transport, circuit, log, time, single);
    }

    private GatewayTransport WithKey(FleetSystem system, GatewayEndpoint endpoint) =>
        new(clients, time, GatewayDialects.Of(system), fleet.Resolve(endpoint.Url), fleet.Resolve(endpoint.ApiKey));

    private TaktChatGateway TaktChat(FleetSystem system, GatewayEndpoint endpoint, Func<IGatewayTransport, GatewayCaller> caller)
    {
        // All of them now: whoever opens a gateway expects to hear then of a reference without a value.
        var transports = endpoint.Accounts.ToDictionary(account => account.Company, account => taktChat.Open(system, endpoint, account));
        return new(system, endpoint, account => caller(transports[account.Company]), codes, time);
    }
}
