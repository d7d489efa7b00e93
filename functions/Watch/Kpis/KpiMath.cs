namespace WhatsOps.Watch;

/// <summary>The indicators of the manuals: availability, latency, throughput, error rate, resources, the agent's business.</summary>
internal static class KpiMath
{
    /// <summary>What <c>up</c> was within a planned maintenance window, beside <c>up</c> itself.</summary>
    public const string Planned = "up.planned";

    /// <summary>The name of the indicator that is compared with the promise.</summary>
    public const string Availability = "availability";

    private const string Up = "up";
    private const string Conversations = "agent.conversations";
    private const string Appointments = "agent.appointments";
    private const string Sent = "messages.sent";
    private const string Received = "messages.received";
    private const double Percent = 100;
    private const double Milliseconds = 1000;
    internal const double Gigabyte = 1024 * 1024 * 1024;

    private static readonly (string Name, string Metric, Func<SeriesFacts, double> Value, string Unit)[] Levels =
    [
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
    private static readonly string[] Work = ["bot.messages", Sent, Received, "prometheus.http_requests_total"];

    // Part and whole of an error rate; both grow.
    private static readonly (string Part, string Subject, string Whole)[] Errors =
    [
        ("bot.errors", "", "bot.messages"), ("prometheus.http_requests_total", "5xx", "prometheus.http_requests_total"),
    ];

    public static IReadOnlyCollection<string> Metrics { get; } =
        [.. Levels.Select(level => level.Metric).Concat(Work).Concat(Errors.Select(error => error.Part)).Concat([Up, Planned, Conversations, Appointments]).Distinct()];

    /// <param name="before">Of as long before.</param>
    /// <param name="days">How long the time is that they are of.</param>
    /// <param name="paces">Between two looks at each target of the fleet file.</param>
    public static IReadOnlyList<Kpi> Of(IReadOnlyList<SeriesFacts> facts, IReadOnlyList<SeriesFacts> before, TimeSpan days, IReadOnlyDictionary<string, TimeSpan> paces)
    {
        var earlier = Values(before, days, paces).ToDictionary(kpi => (kpi.Name, kpi.Target, kpi.Subject), kpi => kpi.Value);
        return [.. Values(facts, days, paces).Select(kpi => kpi with { Before = earlier.TryGetValue((kpi.Name, kpi.Target, kpi.Subject), out var value) ? value : null })
            .OrderBy(kpi => kpi.Target, StringComparer.Ordinal).ThenBy(kpi => kpi.Name, StringComparer.Ordinal).ThenBy(kpi => kpi.Subject, StringComparer.Ordinal)];
    }

    private static IEnumerable<Kpi> Values(IReadOnlyList<SeriesFacts> facts, TimeSpan days, IReadOnlyDictionary<string, TimeSpan> paces)
    {
        foreach (var (name, metric, value, unit) in Levels)
            foreach (var series in facts.Where(series => series.Metric == metric)) yield return new(name, series.Target, series.Subject, value(series), null, unit);
        foreach (var work in facts.Where(series => Work.Contains(series.Metric)).GroupBy(series => (series.Target, series.Metric)))
            yield return new("throughput", work.Key.Target, work.Key.Metric, work.Sum(series => series.Growth) / days.TotalMinutes, null, "per minute");
        foreach (var target in facts.GroupBy(series => series.Target))
            foreach (var kpi in Presence(target, days, paces.TryGetValue(target.Key, out var pace) ? pace : null).Concat(Business(target, days)).Concat(ErrorRates(target))) yield return kpi;
    }

    // A window that was planned is neither up nor down; a look at it is a look all the same.
    private static IEnumerable<Kpi> Presence(IGrouping<string, SeriesFacts> target, TimeSpan days, TimeSpan? pace)
    {
        if (target.FirstOrDefault(series => series.Metric == Up) is not { } up) yield break;
        var planned = target.FirstOrDefault(series => series.Metric == Planned);
        var looks = up.Samples - (planned?.Samples ?? 0);
        if (looks > 0)
            yield return new(Availability, target.Key, "", (up.Total - (planned?.Total ?? 0)) / looks * Percent, null, "%") { CoveragePercent = pace is { } every ? Math.Min(Percent, Covered(up, every) / days * Percent) : null };
        if (planned is not null && pace is { } step) yield return new("planned maintenance", target.Key, "", Covered(planned, step).TotalMinutes, null, "min");
    }

    // A look covers the time until the next one is due; many within an hour do not make up for an hour without any.
    private static TimeSpan Covered(SeriesFacts series, TimeSpan pace)
    {
        var (looks, hours) = (series.Samples * pace, series.Hours * (pace > TimeSpan.FromHours(1) ? pace : TimeSpan.FromHours(1)));
        return looks < hours ? looks : hours;
    }

    private static IEnumerable<Kpi> Business(IGrouping<string, SeriesFacts> target, TimeSpan days)
    {
        double? Growth(string metric) => target.FirstOrDefault(series => series.Metric == metric)?.Growth;
        if (Growth(Conversations) is not { } conversations) yield break;
        yield return new("conversations started", target.Key, "", conversations / days.TotalHours, null, "per hour");
        if (Growth(Appointments) is { } appointments) yield return new("conversions", target.Key, "", appointments, null, "appointments");
        if (Growth(Sent) is not { } sent || Growth(Received) is not { } received) yield break;
        yield return new("messages sent", target.Key, "", sent, null, "messages");
        yield return new("messages received", target.Key, "", received, null, "messages");
        // Nobody asked: nobody was left without an answer.
        if (received > 0) yield return new("response rate", target.Key, "", sent / received * Percent, null, "%");
    }

    private static IEnumerable<Kpi> ErrorRates(IGrouping<string, SeriesFacts> target)
    {
        foreach (var (part, subject, whole) in Errors)
        {
            var parts = target.Where(series => series.Metric == part).ToArray();
            var all = target.Where(series => series.Metric == whole).Sum(series => series.Growth);
            // Without any work there is no rate; without a counter of errors none is known.
            if (parts.Length > 0 && all > 0)
                yield return new("error rate", target.Key, whole, parts.Where(series => subject.Length == 0 || series.Subject == subject).Sum(series => series.Growth) / all * Percent, null, "%");
        }
    }
}
