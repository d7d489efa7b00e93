namespace WhatsOps.Findings;

/// <summary>What was already tried for a tenant; whoever runs remedies tells it here.</summary>
public interface IAttemptedRemedies
{
    /// <summary>One short line per recent attempt, newest first, e.g. <c>reset-integration by ana at 2030-01-01 03:10 UTC: completed</c>.</summary>
    Task<IReadOnlyList<string>> ForTenantAsync(string system, string tenant, CancellationToken cancellation);
}
