using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Reads the instances' own tokens, which a gateway shows to whoever has the global key. For audits: they stay in memory, and nobody logs or stores one.</summary>
public interface IInstanceTokens
{
    /// <summary>Token by exact instance name; instances whose token is not shown are left out. Throws <see cref="MissingSecretException"/>.</summary>
    /// <param name="only">One exact name, or null for all.</param>
    Task<Observation<IReadOnlyDictionary<string, string>>> ReadAsync(FleetSystem system, GatewayEndpoint endpoint, string? only, CancellationToken cancellation);
}
