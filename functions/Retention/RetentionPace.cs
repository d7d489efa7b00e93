namespace WhatsOps.Retention;

/// <summary>How hard deletion may press on a database that serves others.</summary>
public sealed record RetentionPace
{
    /// <summary>Rows per statement.</summary>
    public const int MostRows = 5_000;

    /// <summary>Between two statements.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Of one run; what is left goes in the next one. A routine is cut off after nine minutes.</summary>
    public TimeSpan Budget { get; init; } = TimeSpan.FromMinutes(6);
}
