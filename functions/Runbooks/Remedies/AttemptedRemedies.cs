using WhatsOps.Database;
using WhatsOps.Findings;

namespace WhatsOps.Runbooks;

/// <summary>Tells the alerts what was tried: the tenant's latest runs.</summary>
internal sealed class AttemptedRemedies(RunStore runs) : IAttemptedRemedies
{
    private const int Latest = 3;

    public async Task<IReadOnlyList<AttemptedRemedy>> ForTenantAsync(string system, string tenant, CancellationToken cancellation) =>
    [
        .. (await runs.ListAsync(new RunQuery(system, tenant, Limit: Latest), cancellation))
            .Select(run => new AttemptedRemedy(run.Plan.Runbook, run.RequestedBy, run.CreatedAt, SnakeName<RunState>.Of(run.State)))
    ];
}
