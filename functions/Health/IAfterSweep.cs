namespace WhatsOps.Health;

/// <summary>Something that wants to run right after a sweep, e.g. sending its alerts without waiting for their timer.</summary>
public interface IAfterSweep
{
    Task SweptAsync(SweepReport report, CancellationToken cancellation);
}
