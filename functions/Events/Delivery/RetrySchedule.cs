namespace WhatsOps.Events;

/// <summary>
/// When an event that was not taken is tried again, and when it is given up. 5 s, doubled up to 30 min, a fifth shorter or longer by chance;
/// for a day and at least ten attempts. What the product refuses as wrong (4xx) is given up after six refusals, about two and a half minutes.
/// </summary>
/// <param name="chance">Numbers from 0 to 1.</param>
internal sealed class RetrySchedule(Func<double> chance)
{
    /// <summary>Refusals after which an event is a dead letter.</summary>
    public const int MaxRefusals = 6;

    /// <summary>Attempts that an event gets at least, however long they took: with a breaker open most events get few.</summary>
    public const int LeastAttempts = 10;

    /// <summary>Attempts after which an event that the product fails over lets the others past.</summary>
    public const int AttemptsInOrder = 6;

    public static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    public static readonly TimeSpan LongestWish = TimeSpan.FromHours(1);

    private const double FirstSeconds = 5;
    private const double LongestSeconds = 1800;
    private const double Jitter = 0.2;

    /// <summary>The event as it stands after an attempt.</summary>
    public DeliveryStanding After(DeliveryStanding before, DeliveryAnswer answer, DateTimeOffset now)
    {
        var verdict = answer.Verdict;
        var after = before with
        {
            Attempts = before.Attempts + 1,
            Refusals = before.Refusals + (verdict == DeliveryVerdict.Refused ? 1 : 0),
            FirstAttemptAt = before.FirstAttemptAt ?? now,
            LastStatus = answer.Status,
            LastError = answer.Error,
        };
        if (verdict == DeliveryVerdict.Delivered) return after with { State = DeliveryStanding.Delivered };
        var isGivenUp = after.Refusals >= MaxRefusals || (after.Attempts >= LeastAttempts && now - after.FirstAttemptAt >= GiveUpAfter);
        if (isGivenUp) return after with { State = DeliveryStanding.Dead };
        return after with
        {
            NextAttemptAt = now + Wait(after.Attempts, answer.RetryAfter),
            // Whoever answers is alive; its other events must not wait a day behind this one.
            IsAside = after.IsAside || (verdict == DeliveryVerdict.Failed && after.Attempts >= AttemptsInOrder),
        };
    }

    private TimeSpan Wait(int attempts, TimeSpan? wish)
    {
        var seconds = Math.Min(FirstSeconds * Math.Pow(2, attempts - 1), LongestSeconds) * (1 - Jitter + (2 * Jitter * chance()));
        var wait = TimeSpan.FromSeconds(seconds);
        // A wish for next year is a mistake, not a wish.
        return wish is { } wished && wished > wait ? (wished < LongestWish ? wished : LongestWish) : wait;
    }
}
