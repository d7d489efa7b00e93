namespace WhatsOps.Findings;

/// <summary>What was already tried where a finding is; whoever runs remedies tells it here.</summary>
public interface IAttemptedRemedies
{
    /// <summary>The recent attempts at the finding's tenant, else at its gateway as a whole, else at its system as a whole; newest first.</summary>
    Task<IReadOnlyList<AttemptedRemedy>> ForAsync(Finding finding, CancellationToken cancellation);
}
