namespace WhatsOps.Fleet;

/// <summary>When each level of the escalation is told, counted from the first alert.</summary>
internal static class EscalationTimes
{
    private static readonly int[] Critical = [5, 15, 30];
    private static readonly int[] High = [30, 60, 120];

    /// <param name="index">Of the level, from 0.</param>
    public static TimeSpan Of(IReadOnlyList<EscalationLevel> levels, int index, Severity severity)
    {
        var (own, standard) = severity == Severity.Critical ? (levels[index].AfterMinutes.Critical, Critical) : (levels[index].AfterMinutes.High, High);
        return TimeSpan.FromMinutes(own ?? standard[Math.Min(index, standard.Length - 1)]);
    }
}
