using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Remembers a keyed hash of each instance's token, never the token.</summary>
public interface IInstanceTokenHashes
{
    /// <summary>What complete lists show: one write for all that changed, and what they no longer have is forgotten.</summary>
    /// <param name="lists">By gateway; gateways that were not seen are left out.</param>
    Task RecordAsync(FleetSystem system, IReadOnlyDictionary<string, IReadOnlyCollection<InstanceSnapshot>> lists, CancellationToken cancellation);

    /// <summary>One instance, e.g. just created: its events must not wait for the next sweep.</summary>
    Task RecordAsync(string system, string gateway, string tenant, InstanceSnapshot instance, CancellationToken cancellation);
}
