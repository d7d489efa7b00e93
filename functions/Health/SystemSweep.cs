using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>One system of a sweep: look at everything at once, then judge and record part by part.</summary>
internal sealed class SystemSweep(
    GatewayObserver gateways, ProductObserver products, ProductApi api, GatewaySweep gatewaySweep, TableSweep tables, IInstanceStates states, IEnumerable<IInstanceTokenHashes> tokens, TimeProvider time)
{
    private const int GatewaysAtOnce = 16;

    /// <param name="deadline">Cuts looking off; what was seen until then is still recorded.</param>
    public async Task<SystemReport> RunAsync(FleetSystem system, CancellationToken deadline, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var looking = products.ObserveAsync(system, deadline);
        var asking = api.LookAsync(system, deadline);
        var memory = await SystemMemory.RecallAsync(states, system, started, cancellation);
        var views = new GatewayView[system.Gateways.Count];
        await ForEachGatewayAsync(views.Length, async i => views[i] = await gateways.ObserveAsync(system, system.Gateways[i], deadline), cancellation);
        var lists = views.Where(view => view.IsListed).ToDictionary(view => view.Name, view => (IReadOnlyCollection<InstanceSnapshot>)[.. view.Instances.Values]);
        foreach (var hashes in tokens) await hashes.RecordAsync(system, lists, cancellation);
        var product = await looking;

        var placement = new Placement(system, views);
        var behind = (product.Tenants ?? [])
            .Where(tenant => tenant.Integration is { IsActive: true })
            .ToLookup(placement.Of, tenant => tenant);
        var parts = new PartResult[views.Length];
        await ForEachGatewayAsync(
            views.Length,
            async i => parts[i] = await gatewaySweep.RunAsync(
                system, views[i], [.. behind[views[i]]], product.Tenants is not null, placement.HasLostSightOf(views[i], behind[null], memory), memory, started, deadline, cancellation),
            cancellation);
        PartResult[] all =
        [
            await tables.DatabaseAsync(system, product, memory, started, cancellation),
            await tables.ApiAsync(system, await asking, started, cancellation),
            await tables.IntegrationsAsync(system, product, placement, memory, started, cancellation),
            .. parts,
        ];

        string[] unfinished = [.. all.SelectMany(part => part.Unfinished)];
        ObservedFinding[] findings =
            [.. all.SelectMany(part => part.Findings), .. await tables.CompletenessAsync(system, unfinished, started, cancellation)];
        ServiceReport[] services = [.. all.SelectMany(part => part.Services)];
        return new SystemReport(
            system.Name,
            OverallStatus.Of(services, findings, unfinished.Length == 0),
            started,
            time.GetUtcNow(),
            services,
            [.. all.SelectMany(part => part.Tenants).OrderBy(tenant => tenant.Tenant, StringComparer.Ordinal)],
            [.. findings.OrderByDescending(finding => finding.Severity).Select(IssueReport.Of)],
            unfinished,
            all.Sum(part => part.Calls));
    }

    private static Task ForEachGatewayAsync(int count, Func<int, Task> body, CancellationToken cancellation) => Parallel.ForAsync(
        0, count, new ParallelOptions { MaxDegreeOfParallelism = GatewaysAtOnce, CancellationToken = cancellation }, async (i, _) => await body(i));
}
