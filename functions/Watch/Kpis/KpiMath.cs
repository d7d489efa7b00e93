namespace WhatsOps.Watch;

/// <summary>The indicators of the manuals: availability, latency, throughput, error rate, resources.</summary>
internal static class KpiMath
{
    private const double Percent = 100;
    private const double Milliseconds = 1000;
    internal const double Gigabyte = 1024 * 1024 * 1024;

    private static readonly (string Name, string Metric, Func<SeriesFacts, double> Value, string Unit)[] Levels =
    [
        ("availability", "up", facts => facts.Mean * Percent, "%"),
        ("latency", "seconds", facts => facts.Mean * Milliseconds, "ms"),
        ("slowest answer", "seconds", facts => facts.Most * Milliseconds, "ms"),
        ("use of processor", "container.cpu.limit.percent", facts => facts.Mean, "%"),
        ("most use of processor", "container.cpu.limit.percent", facts => facts.Most, "%"),
        ("use of memory", "container.memory.percent", facts => facts.Mean, "%"),
        ("most use of memory", "container.memory.percent", facts => facts.Most, "%"),
        ("use of memory", "bot.memory.percent", facts => facts.Mean, "%"),
        ("most connections", "postgres.connections.percent", facts => facts.Most, "%"),
        ("errors in the log", "container.log.errors", facts => facts.Total, "lines"),
        ("warnings in the log", "container.log.warnings", facts => facts.Total, "lines"),
        ("size", "postgres.size.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("size of volume", "engine.volume.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("size of volumes", "engine.volumes.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("size of images", "engine.images.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("size of build cache", "engine.build_cache.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("size of logs", "log.folder.bytes", facts => facts.Most / Gigabyte, "GB"),
        ("most of disk", "host.disk.used.percent", facts => facts.Most, "%"),
    ];

    // Counters of what is done.
    private static readonly string[] Work = ["bot.messages", "messages.sent", "messages.received", "prometheus.http_requests_total"];

    // Part and whole of an error rate; both grow.
    private static readonly (string Part, string Subject, string Whole)[] Errors =
    [
        ("bot.errors", "", "bot.messages"), ("prometheus.http_requests_total", "5xx", "prometheus.http_requests_total"),
    ];

    public static IReadOnlyCollection<string> Metrics { get; } = [.. Levels.Select(level => level.Metric).Concat(Work).Concat(Errors.Select(error => error.Part)).Distinct()];

    /// <param name="before">Of as many days before.</param>
    public static IReadOnlyList<Kpi> Of(IReadOnlyList<SeriesFacts> facts, IReadOnlyList<SeriesFacts> before, TimeSpan days)
    {
        var earlier = Values(before, days).ToDictionary(kpi => (kpi.Name, kpi.Target, kpi.Subject), kpi => kpi.Value);
        return [.. Values(facts, days).Select(kpi => kpi with { Before = earlier.TryGetValue((kpi.Name, kpi.Target, kpi.Subject), out var value) ? value : null })
            .OrderBy(kpi => kpi.Target, StringComparer.Ordinal).ThenBy(kpi => kpi.Name, StringComparer.Ordinal).ThenBy(kpi => kpi.Subject, StringComparer.Ordinal)];
    }

    private static IEnumerable<Kpi> Values(IReadOnlyList<SeriesFacts> facts, TimeSpan days)
    {
        foreach (var (name, metric, value, unit) in Levels)
            foreach (var series in facts.Where(series => series.Metric == metric)) yield return new(name, series.Target, series.Subject, value(series), null, unit);
        foreach (var work in facts.Where(series => Work.Contains(series.Metric)).GroupBy(series => (series.Target, series.Metric)))
            yield return new("throughput", work.Key.Target, work.Key.Metric, work.Sum(series => series.Growth) / days.TotalMinutes, null, "per minute");
        foreach (var (part, subject, whole) in Errors)
            foreach (var target in facts.GroupBy(series => series.Target))
            {
                var parts = target.Where(series => series.Metric == part).ToArray();
                var all = target.Where(series => series.Metric == whole).Sum(series => series.Growth);
                // Without any work there is no rate; without a counter of errors none is known.
                if (parts.Length > 0 && all > 0)
                    yield return new("error rate", target.Key, whole, parts.Where(series => subject.Length == 0 || series.Subject == subject).Sum(series => series.Growth) / all * Percent, null, "%");
            }
    }
}
