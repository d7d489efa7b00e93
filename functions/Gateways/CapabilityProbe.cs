using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="ICapabilityProbe"/>
internal sealed class CapabilityProbe(EvolutionCapabilities evolution, TurboZapCapabilities turboZap) : ICapabilityProbe
{
    public Task<IReadOnlyList<Capability>> ProbeAsync(FleetSystem system, GatewayEndpoint endpoint, string? instance, CancellationToken cancellation) => system.Kind == SystemKinds.TurboZap
        ? turboZap.ProbeAsync(system, endpoint, instance, cancellation)
        : evolution.ProbeAsync(system, endpoint, instance, cancellation);
}
