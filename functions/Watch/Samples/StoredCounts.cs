namespace WhatsOps.Watch;

/// <summary>
/// Metrics that count what is stored: rows of a product's tables, jobs that Bull keeps. One that falls was deleted from, while any other counter that falls began again at 0.
/// </summary>
internal static class StoredCounts
{
    public static IReadOnlyCollection<string> Metrics { get; } =
    [
        "agent.appointments", "agent.conversations", "agent.refused_calls", "bull.jobs.completed", "bull.jobs.failed", "messages.by_type", "messages.received", "messages.sent", "postgres.migrations",
        "taktchat.sessions", "turbozap.instances",
    ];

    /// <summary>A series whose growth is to be counted: of a stored count, as it would be had nothing been deleted.</summary>
    public static IReadOnlyList<Sample> Rising(string metric, IReadOnlyList<Sample> series)
    {
        if (!Metrics.Contains(metric)) return series;
        var (rising, deleted) = (new List<Sample>(series.Count), 0.0);
        for (var index = 0; index < series.Count; index++)
        {
            if (index > 0) deleted += Math.Max(0, series[index - 1].Value - series[index].Value);
            rising.Add(series[index] with { Value = series[index].Value + deleted });
        }

        return rising;
    }
}
