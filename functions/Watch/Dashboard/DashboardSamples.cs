using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The parts of a dashboard that are in the samples of the last minutes.</summary>
internal sealed class DashboardSamples(IReadOnlyDictionary<SeriesKey, List<Sample>> series, DateTimeOffset now)
{
    /// <summary>Targets are looked at every minute unless the fleet file says otherwise.</summary>
    public static readonly TimeSpan Reach = TimeSpan.FromMinutes(20);

    private const int Minutes = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(4);

    private static readonly WatchRule[] Ratios =
    [
        Ratio("messages", "prometheus.turbozap_messages_failed_total", null, "prometheus.turbozap_messages_failed_total + prometheus.turbozap_messages_sent_total"),
        Ratio("requests", "prometheus.http_requests_total", "5xx", "prometheus.http_requests_total"),
        Ratio("messages", "bot.errors", null, "bot.messages"),
    ];

    public static IReadOnlyCollection<string> Metrics { get; } =
    [
        "turbozap.instances", "turbozap.instances.down", "messages.sent", "messages.received", "messages.by_type",
        "container.cpu.percent", "container.cpu.limit.percent", "container.memory.used.bytes", "container.memory.percent",
        .. Ratios.SelectMany(ratio => RuleBook.WholeOf(ratio).Append(ratio.Metric)).Distinct(),
    ];

    public DashboardInstances? Instances()
    {
        var byStatus = Counts("turbozap.instances");
        if (byStatus.Count == 0) return null;
        return new(byStatus.Sum(one => one.Count), byStatus.Where(one => one.Name == "connected").Sum(one => one.Count), Sum("turbozap.instances.down"), byStatus);
    }

    public DashboardMessages? Messages() => series.Keys.Any(key => key.Metric == "messages.sent") ? new(Lately("messages.sent"), Lately("messages.received"), Counts("messages.by_type")) : null;

    public IReadOnlyList<DashboardRate> ErrorRates() =>
    [
        .. from ratio in Ratios
           from one in series
           where RuleBook.Covers(ratio, one.Key)
           let value = RuleMath.Judge(ratio, one.Value, RuleJudge.Whole(ratio, one.Key.Target, series), now, Interval, isFiring: false).Value
           where value is not null
           select new DashboardRate(one.Key.Target, ratio.Name, value.Value * 100),
    ];

    public IReadOnlyList<DashboardContainer> Containers() =>
    [
        .. series.Keys.Where(key => key.Metric.StartsWith("container.", StringComparison.Ordinal)).Select(key => key.Target).Distinct(StringComparer.Ordinal)
            .Select(target => new DashboardContainer(
                target, Last(target, "container.cpu.percent"), Last(target, "container.cpu.limit.percent"), Last(target, "container.memory.used.bytes"), Last(target, "container.memory.percent")))
            .OrderByDescending(container => container.CpuPercent ?? -1).ThenByDescending(container => container.MemoryBytes ?? -1).ThenBy(container => container.Target, StringComparer.Ordinal),
    ];

    private static WatchRule Ratio(string what, string part, string? subject, string whole) =>
        new() { Name = what, Metric = part, Subject = subject, Of = whole, Function = RuleFunction.Ratio, WindowMinutes = Minutes, Above = 0 };

    private double? Last(string target, string metric) => series.TryGetValue(new(target, metric, ""), out var samples) ? samples[^1].Value : null;

    private long Sum(string metric) => (long)NewestLook.Of(series, metric).Sum(one => one.Value);

    private IReadOnlyList<NamedCount> Counts(string metric) =>
    [
        .. NewestLook.Of(series, metric).GroupBy(one => one.Key.Subject).Select(subject => new NamedCount(subject.Key, (long)subject.Sum(one => one.Value)))
            .OrderByDescending(one => one.Count).ThenBy(one => one.Name, StringComparer.Ordinal),
    ];

    // A target of which it is not known makes the whole unknown.
    private long? Lately(string metric)
    {
        var rule = new WatchRule { Name = metric, Metric = metric, Function = RuleFunction.Increase, WindowMinutes = Minutes, Above = 0 };
        var growths = series.Where(one => one.Key.Metric == metric).Select(one => RuleMath.Judge(rule, one.Value, [], now, Interval, isFiring: false).Value).ToArray();
        return growths.Length == 0 || growths.Contains(null) ? null : (long)growths.Sum()!.Value;
    }
}
