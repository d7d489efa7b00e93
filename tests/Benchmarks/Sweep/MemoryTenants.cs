using WhatsOps.Fleet;

namespace WhatsOps.Benchmarks.Sweep;

/// <summary>The tenants of the simulated fleet; a product's database is not what this benchmark measures.</summary>
internal sealed class MemoryTenants(SimulatedFleet fleet) : ITenantDirectory
{
    private readonly Tenant[] tenants =
    [
        .. fleet.System.Gateways.SelectMany((gateway, g) => Enumerable.Range(0, fleet.PerGateway).Select(number => new Tenant(
            fleet.System.Name, $"g{g}t{number}", true,
            new TenantIntegration(SimulatedFleet.Instance(g, number), true, "connected", gateway.Url, null, DateTimeOffset.UnixEpoch))))
    ];

    public Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Tenant>>(tenants);

    public Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation) => Task.FromResult(tenants.FirstOrDefault(tenant => tenant.Slug == slug));

    public Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation) => Task.FromResult(TimeSpan.Zero);

    public Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => throw new NotSupportedException();

    public bool IsBareIntegration(string rows) => throw new NotSupportedException();

    public Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => throw new NotSupportedException();

    public Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation) => throw new NotSupportedException();

    public Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation) => throw new NotSupportedException();
}
