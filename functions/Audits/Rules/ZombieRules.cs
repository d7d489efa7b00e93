namespace WhatsOps.Audits;

/// <summary>Whether an open line is silent beyond its own habit: open, but perhaps dead.</summary>
internal static class ZombieRules
{
    /// <summary>Weeks with traffic around the same moment; fewer are no habit.</summary>
    public const int LeastSamples = 3;

    /// <summary>Silence above so many times the longest normal one.</summary>
    public const double Times = 3;

    /// <summary>Suspects of one gateway that make it the way of the events rather than so many sessions.</summary>
    public const int TogetherAtLeast = 3;

    /// <param name="least">No silence shorter than this is remarkable, however busy the line.</param>
    public static bool IsSuspect(TimeSpan silence, IReadOnlyList<TimeSpan> normal, TimeSpan least) =>
        silence > least && normal.Count >= LeastSamples && silence > normal.Max() * Times;

    public static bool AreTogether(int suspects, int open, int percent) => suspects >= TogetherAtLeast && suspects * 100 >= percent * open;
}
