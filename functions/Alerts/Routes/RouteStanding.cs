namespace WhatsOps.Alerts;

/// <summary>How a route has fared since its last delivery.</summary>
/// <param name="GivenUp">Messages that got no further attempt.</param>
/// <param name="DeadSince">When the finding about it was raised; null: there is none.</param>
internal sealed record RouteStanding(string Route, int Failures, DateTimeOffset? FailingSince, int GivenUp, string? LastError, DateTimeOffset? DeadSince, int Waiting)
{
    /// <summary>A little over a minute of the sender's waits.</summary>
    public const int DeadAfterFailures = 5;

    /// <summary>For routes that ask for long waits themselves.</summary>
    public static readonly TimeSpan DeadAfter = TimeSpan.FromMinutes(10);

    public bool IsDead(DateTimeOffset now) => FailingSince is { } since && (Failures >= DeadAfterFailures || now - since >= DeadAfter);
}
