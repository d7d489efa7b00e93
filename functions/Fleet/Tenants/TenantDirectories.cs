namespace WhatsOps.Fleet;

/// <summary>Picks the directory by <c>tenantDirectory.kind</c>.</summary>
internal sealed class TenantDirectories(
    RevalyaTenantDirectory revalya, RevalyaIntegrationRows revalyaRows, TurboZapTenantDirectory turboZap, TaktChatTenantDirectory taktChat) : ITenantDirectory, ITenantDirectoryInspector, IIntegrationRows
{
    public Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation) => Of(system).ListAsync(system, cancellation);

    public Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation) => Of(system).FindAsync(system, slug, cancellation);

    public Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation) => Of(system).PingAsync(system, cancellation);

    public Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Of(system).ExportIntegrationAsync(system, slug, cancellation);

    /// <summary>What the others export, none, is bare by Revalya's measure, too.</summary>
    public bool IsBareIntegration(string rows) => revalya.IsBareIntegration(rows);

    public Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation) => Of(system).DeleteIntegrationAsync(system, slug, cancellation);

    public Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation) => Of(system).ImportIntegrationAsync(system, slug, rows, cancellation);

    public Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation) =>
        Of(system).SaveIntegrationAsync(system, slug, integration, cancellation);

    public Task<DirectoryState> InspectAsync(FleetSystem system, CancellationToken cancellation) =>
        Own(system)?.InspectAsync(system, cancellation) ?? revalya.InspectAsync(system, cancellation);

    public Task<IntegrationRows> ReadAsync(FleetSystem system, CancellationToken cancellation) =>
        Own(system) is IIntegrationRows own ? own.ReadAsync(system, cancellation) : revalyaRows.ReadAsync(system, cancellation);

    private ITenantDirectory Of(FleetSystem system) => Own(system) ?? (ITenantDirectory)revalya;

    private InstancesAsTenants? Own(FleetSystem system) => system.TenantDirectory?.Kind switch
    {
        SystemKinds.TurboZap => turboZap,
        SystemKinds.TaktChat => taktChat,
        _ => null,
    };
}
