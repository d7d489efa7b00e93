namespace WhatsOps.Simulator;

/// <summary>Time of one gateway: real moments, compressed waits.</summary>
internal sealed class SimulatorClock(TimeProvider time, double scale)
{
    private readonly double scale = scale > 0
        ? scale
        : throw new ArgumentOutOfRangeException(nameof(scale), scale, "TimeScale must be positive.");

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>Waits a simulated duration.</summary>
    public Task Delay(TimeSpan simulated, CancellationToken cancel) => DelayReal(simulated / scale, cancel);

    public Task DelayReal(TimeSpan real, CancellationToken cancel) =>
        real <= TimeSpan.Zero ? Task.CompletedTask : Task.Delay(real, time, cancel);

    /// <summary>A source that cancels itself after a simulated duration, but not before a real one.</summary>
    public CancellationTokenSource CancelAfter(TimeSpan simulated, TimeSpan atLeast)
    {
        var real = simulated / scale;
        return new CancellationTokenSource(real < atLeast ? atLeast : real, time);
    }
}
