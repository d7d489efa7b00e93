namespace WhatsOps.Health;

/// <summary>What one sweep saw of the whole fleet.</summary>
/// <param name="Complete">Every part was observed to its end; a target that is down does not make a sweep incomplete, a deadline does.</param>
public sealed record SweepReport(
    Guid Id, DateTimeOffset StartedAt, DateTimeOffset FinishedAt, HealthStatus OverallStatus, bool Complete, IReadOnlyList<SystemReport> Systems)
{
    public double DurationMs => (FinishedAt - StartedAt).TotalMilliseconds;

    public int CallsMade => Systems.Sum(system => system.CallsMade);

    /// <summary>Whether the heartbeat was delivered; null: none is configured or the sweep was incomplete.</summary>
    public bool? HeartbeatDelivered { get; init; }
}
