namespace WhatsOps.Findings;

/// <summary>What was already tried for a tenant; whoever runs remedies tells it here.</summary>
public interface IAttemptedRemedies
{
    /// <summary>The recent attempts, newest first.</summary>
    Task<IReadOnlyList<AttemptedRemedy>> ForTenantAsync(string system, string tenant, CancellationToken cancellation);
}
