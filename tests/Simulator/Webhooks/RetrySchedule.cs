namespace WhatsOps.Simulator.Webhooks;

/// <summary>When Evolution tries a webhook again: 5 s doubled per attempt, at most 300 s, give or take 20 %, never under 5 s.</summary>
internal static class RetrySchedule
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(300);

    /// <summary>The wait after attempt number <paramref name="attempt"/> (from 1); <paramref name="chance"/> is in [0, 1).</summary>
    public static TimeSpan DelayAfter(int attempt, double chance)
    {
        var plain = Math.Min(First.TotalSeconds * Math.Pow(2, attempt - 1), Longest.TotalSeconds);
        var jittered = plain * (1 + 0.2 * (2 * chance - 1));
        return TimeSpan.FromSeconds(Math.Max(jittered, First.TotalSeconds));
    }

    /// <summary>Answers after which the event is thrown away for good.</summary>
    public static bool IsFinal(int status) => status is 400 or 401 or 403 or 404 or 422;
}
