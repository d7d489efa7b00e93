using System.Globalization;
using WhatsOps.Findings;

namespace WhatsOps.Runbooks;

/// <summary>Tells the alerts what was tried: the tenant's latest runs.</summary>
internal sealed class AttemptedRemedies(RunStore runs) : IAttemptedRemedies
{
    private const int Latest = 3;

    public async Task<IReadOnlyList<string>> ForTenantAsync(string system, string tenant, CancellationToken cancellation) =>
    [
        .. (await runs.ListAsync(new RunQuery(system, tenant, Limit: Latest), cancellation)).Select(run => string.Create(
            CultureInfo.InvariantCulture, $"{run.Plan.Runbook} by {run.RequestedBy} at {run.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC: {SnakeName<RunState>.Of(run.State)}"))
    ];
}
