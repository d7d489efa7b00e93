using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>
/// Tries to break in: whether the token of one instance reads another (CWE-639; gateways before the fix let <c>?instanceName=</c> name the victim).
/// Reads only, and only the two instances that are named.
/// </summary>
public interface IIsolationTest
{
    /// <summary>
    /// Seen: tried both ways; the value names the ways that were open, none when isolation holds. Absent: it cannot be tried, the detail says why.
    /// </summary>
    Task<Observation<IReadOnlyList<string>>> TryAsync(FleetSystem system, GatewayEndpoint endpoint, string first, string second, CancellationToken cancellation);
}
