namespace WhatsOps.Runbooks;

/// <summary>How long runs wait, and how many steps share a process. <see cref="TimeScale"/> lets tests live through 25 minutes in seconds.</summary>
public sealed record RunbookPatience
{
    public double TimeScale { get; init; } = 1;

    /// <summary>Attempts at a step before it counts as failed.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Attempts at a compensation: putting back is worth more patience.</summary>
    public int CompensationAttempts { get; init; } = 8;

    public Pace Backoff { get; init; } = Pace.Seconds(2, 60);

    /// <summary>After an answer nobody got, how long the gateway may still be busy with the request (longer than the client's own timeout).</summary>
    public TimeSpan Settle { get; init; } = TimeSpan.FromSeconds(35);

    /// <summary>Silence means no after this long.</summary>
    public TimeSpan ApprovalWithin { get; init; } = TimeSpan.FromHours(12);

    /// <summary>An approved run that has not begun its first step after this long expires: it would act on another world than was approved.</summary>
    public TimeSpan ApprovalValid { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A remedy that a person decides about, or that costs something, is not proposed again for the same finding or instance within this time.</summary>
    public TimeSpan RemedyCooldown { get; init; } = TimeSpan.FromHours(6);

    /// <summary>What policy auto may repeat: after this long the second time, twice as long each further time, up to <see cref="RemedyCooldown"/> (R-064).</summary>
    public TimeSpan FirstCooldown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Attempts older than this are forgotten: the next trouble begins with the first cooldown.</summary>
    public TimeSpan AttemptMemory { get; init; } = TimeSpan.FromHours(24);

    /// <summary>A finding that nobody has seen for this long (three sweeps) is no reason to act: its gateway may have left the fleet. Audits see theirs less often.</summary>
    public TimeSpan FindingFresh { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>What an audit saw counts until its next run is due, and so much longer: it tries three times within a quarter of an hour, and takes up to nine minutes.</summary>
    public TimeSpan RoutineLate { get; init; } = TimeSpan.FromMinutes(45);

    /// <summary>A run that should move and has not for this long is reported (run_stuck).</summary>
    public TimeSpan StuckAfter { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Steps that one process carries out at once: each holds a database connection for its turn, and needs others from the same pool.</summary>
    public int StepsAtOnce { get; init; } = 6;

    public TimeSpan Scaled(TimeSpan time) => time * TimeScale;
}
