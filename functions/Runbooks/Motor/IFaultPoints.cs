namespace WhatsOps.Runbooks;

/// <summary>Where tests let a run die.</summary>
public interface IFaultPoints
{
    /// <summary>Returns, or never returns because the process is gone.</summary>
    ValueTask ReachAsync(Guid runId, string step, Phase phase, FaultPoint point);
}
