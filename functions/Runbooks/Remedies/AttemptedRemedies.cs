using WhatsOps.Database;
using WhatsOps.Findings;

namespace WhatsOps.Runbooks;

/// <summary>Tells the alerts what was tried: the latest runs where the finding is.</summary>
internal sealed class AttemptedRemedies(RunStore runs) : IAttemptedRemedies
{
    private const int Latest = 3;

    public async Task<IReadOnlyList<AttemptedRemedy>> ForAsync(Finding finding, CancellationToken cancellation) =>
    [
        .. (await runs.ListAsync(At(finding) with { Limit = Latest }, cancellation))
            .Select(run => new AttemptedRemedy(run.Plan.Runbook, run.RequestedBy, run.CreatedAt, SnakeName<RunState>.Of(run.State)))
    ];

    private static RunQuery At(Finding finding) => finding switch
    {
        { Tenant: { } tenant } => new(finding.System, tenant),
        { Gateway: { } gateway } => new(finding.System, RunTarget.NoTenant, Instance: RunTarget.WholeGateway(gateway)),
        _ => new(finding.System, RunTarget.NoTenant, Instance: RunTarget.WholeSystem),
    };
}
