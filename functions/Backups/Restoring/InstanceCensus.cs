using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Backups;

/// <summary>How many instances each gateway of a system lists: kept in the manifest, and compared after a restore .</summary>
internal sealed class InstanceCensus(IFleet fleet, IGateways gateways, ILogger<InstanceCensus> log)
{
    /// <summary>Per gateway that answers.</summary>
    public async Task<IReadOnlyDictionary<string, int>> CountAsync(string systemName, CancellationToken cancellation)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        if ((await fleet.CurrentAsync(cancellation))?.System(systemName) is not { } system) return counts;
        foreach (var gateway in system.Gateways)
            if (await CountAsync(system, gateway, cancellation) is { } count) counts[gateway.Name] = count;
        return counts;
    }

    private async Task<int?> CountAsync(FleetSystem system, GatewayEndpoint gateway, CancellationToken cancellation)
    {
        try
        {
            var list = await gateways.Open(system, gateway).ListAsync(cancellation);
            if (list.IsSeen) return list.Value!.Count;
            log.LogInformation("Gateway {Gateway} of {System} does not tell its instances: {Detail}", gateway.Name, system.Name, list.Detail);
        }
        catch (MissingSecretException problem)
        {
            log.LogInformation("Gateway {Gateway} of {System} does not tell its instances: {Problem}", gateway.Name, system.Name, problem.Message);
        }

        return null;
    }
}
