using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Asks a gateway which of its optional endpoints are there. Changes nothing and keeps no body.</summary>
public interface ICapabilityProbe
{
    /// <param name="instance">An instance to ask about; null: endpoints of instances are left out.</param>
    Task<IReadOnlyList<Capability>> ProbeAsync(FleetSystem system, GatewayEndpoint endpoint, string? instance, CancellationToken cancellation);
}
