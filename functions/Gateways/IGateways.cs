using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Makes the client that fits a system's kind and gateway version.</summary>
public interface IGateways
{
    /// <summary>Throws <see cref="MissingSecretException"/> when the gateway's key reference has no value.</summary>
    IGateway Open(FleetSystem system, GatewayEndpoint endpoint);

    /// <summary>
    /// The same, but every look is exactly one call: no retry, no circuit breaker. For the sweep, which promises a number of calls and must
    /// see for itself.
    /// </summary>
    IGateway OpenForSweep(FleetSystem system, GatewayEndpoint endpoint) => Open(system, endpoint);
}
