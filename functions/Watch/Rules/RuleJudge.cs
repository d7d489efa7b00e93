using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Judges a system's samples by its rules, and keeps their findings: one per rule and series. What has too much memory is inspected.</summary>
internal sealed class RuleJudge(SampleStore samples, IFindings findings, MemoryInspector memory, TimeProvider time)
{
    private const string CheckPrefix = "watch-rule/";
    private static readonly TimeSpan Slow = TimeSpan.FromMinutes(10);

    /// <param name="looks">At every target that the fleet file names now.</param>
    public async Task JudgeAsync(FleetSystem system, IReadOnlyDictionary<string, Look> looks, CancellationToken cancellation)
    {
        var rules = RuleBook.Of(system);
        var all = await findings.ListAsync(new(system.Name, Limit: 5000), cancellation);
        var open = all.Where(finding => finding.Check.StartsWith(CheckPrefix, StringComparison.Ordinal)).ToLookup(finding => finding.Check);
        var hidden = all.Where(finding => finding.Kind is TroubleKinds.NotObservable or TroubleKinds.Absent).Select(finding => finding.Subject ?? "").ToHashSet(StringComparer.Ordinal);
        // Rules that are no more, or switched off.
        foreach (var gone in open.Where(check => !rules.Any(rule => CheckPrefix + rule.Name == check.Key)))
            await findings.RecordAsync(new(gone.Key, system.Name, null, Complete: true, time.GetUtcNow(), GoodObservationsToClose: 1), [], cancellation);
        // Those that look back on a day are read apart, or every rule would read a day.
        foreach (var group in rules.GroupBy(rule => rule.Function == RuleFunction.Baseline))
        {
            var now = time.GetUtcNow();
            var metrics = group.SelectMany(rule => RuleBook.WholeOf(rule).Append(rule.Metric)).Distinct().ToArray();
            var series = new Dictionary<SeriesKey, List<Sample>>();
            // And so are targets that are looked at once a day, or every other would be read as far back as they.
            foreach (var pace in looks.Values.GroupBy(look => look.Every > Slow))
                foreach (var (key, values) in await samples.SeriesAsync(
                    system.Name, metrics, [.. pace.Select(look => look.Target)], now - group.Max(rule => RuleMath.Reach(rule, pace.Max(look => look.Every))), cancellation))
                    series[key] = values;
            foreach (var rule in group) await JudgeAsync(system, rule, series, looks, open, hidden, now, cancellation);
        }
    }

    private async Task JudgeAsync(
        FleetSystem system, WatchRule rule, IReadOnlyDictionary<SeriesKey, List<Sample>> series, IReadOnlyDictionary<string, Look> looks, ILookup<string, Finding> open,
        HashSet<string> hidden, DateTimeOffset now, CancellationToken cancellation)
    {
        var known = open[CheckPrefix + rule.Name].ToDictionary(finding => finding.Subject ?? "", StringComparer.Ordinal);
        var seen = new List<ObservedFinding>();
        var judged = new HashSet<string>(StringComparer.Ordinal);
        var covered = 0;
        foreach (var (key, values) in series.Where(one => RuleBook.Covers(rule, one.Key) && looks.ContainsKey(one.Key.Target)))
        {
            covered++;
            var subject = Subject(rule, key);
            if (PlannedTimes.IsPlannedStart(system, rule, values[^1]))
            {
                judged.Add(subject);
                continue;
            }

            var before = known.GetValueOrDefault(subject);
            var isKnown = before is not null;
            var verdict = RuleMath.Judge(rule, PlannedTimes.Without(system, rule, values), Whole(rule, key.Target, series), now, looks[key.Target].Every, isKnown);
            if (verdict.State != RuleState.NoData) judged.Add(subject);
            if (verdict.State == RuleState.Firing || (verdict.State == RuleState.Pending && isKnown)) seen.Add(await memory.InspectAsync(system, key, Finding(system.Name, rule, key, verdict), before, cancellation));
        }

        var unseen = known.Keys.Where(subject => !judged.Contains(subject) && IsUnseen(rule, subject, series, looks, hidden, now)).ToArray();
        // One that waits for a silent target is in order.
        if (covered == 0 && unseen.Length == 0 && IsOwn(system, rule)) seen.Add(Missing(system.Name, rule));
        if (seen.Count == 0 && known.Count == 0) return;
        await findings.RecordAsync(new(CheckPrefix + rule.Name, system.Name, null, Complete: true, now, GoodObservationsToClose: 1) { Unseen = unseen }, seen, cancellation);
    }

    // Without data nothing is known, and what was found stays: of a target that is silent, of a part that is not shown. A part that is missing from a look which has others like it, a session
    // or a queue, is gone; so is what the fleet file no longer names.
    private static bool IsUnseen(
        WatchRule rule, string subject, IReadOnlyDictionary<SeriesKey, List<Sample>> series, IReadOnlyDictionary<string, Look> looks, HashSet<string> hidden, DateTimeOffset now)
    {
        if (subject[rule.Name.Length..].Split('/', 4) is not ["", var family, var name, .. var part]) return false;
        var key = new SeriesKey($"{family}/{name}", rule.Metric, part.FirstOrDefault(""));
        if (!looks.TryGetValue(key.Target, out var look) || !RuleBook.Covers(rule, key)) return false;
        return RuleMath.IsYoung(series.GetValueOrDefault(key), now, look.Every) || hidden.Contains($"{key.Target}/{key.Subject}")
            || !series.Any(one => one.Key.Target == key.Target && one.Key.Metric == key.Metric && RuleMath.IsYoung(one.Value, now, look.Every));
    }

    internal static IReadOnlyList<Sample>[] Whole(WatchRule rule, string target, IReadOnlyDictionary<SeriesKey, List<Sample>> series)
    {
        if (rule.Of is null) return [];
        var metrics = RuleBook.WholeOf(rule);
        return [.. series.Where(one => one.Key.Target == target && metrics.Contains(one.Key.Metric)).Select(one => StoredCounts.Rising(one.Key.Metric, one.Value))];
    }

    // A built-in rule waits for targets that have its metric; who writes a rule wants it to work.
    private static bool IsOwn(FleetSystem system, WatchRule rule) => system.Watch?.Rules.Contains(rule) == true;

    internal static ObservedFinding Finding(string system, WatchRule rule, SeriesKey key, RuleVerdict verdict)
    {
        var of = key.Subject.Length == 0 ? key.Target : $"{key.Target} {key.Subject}";
        var limit = rule.Above is { } above ? $"above {Number((double)above)}" : $"below {Number((double)rule.Below!.Value)}";
        var how = rule.Function == RuleFunction.Last ? "" : $", {Name(rule.Function)} of {rule.WindowMinutes} min";
        var value = verdict.Value is { } known ? Number(known) : "unknown";
        return new(
            TroubleKinds.Threshold, CheckPrefix + rule.Name, system, null, null, null, rule.Severity,
            $"{of}: {(rule.Says is { } says ? says.TrimEnd('.') : rule.Metric)} ({rule.Metric}{how} is {value}, {limit}{(rule.ForMinutes > 0 ? $" for {rule.ForMinutes} min" : "")}).",
            new Dictionary<string, string>
            {
                ["target"] = of, ["metric"] = rule.Metric, ["value"] = value, ["threshold"] = limit, ["since"] = verdict.Since?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "",
            },
            null)
        {
            Subject = Subject(rule, key),
        };
    }

    private static string Subject(WatchRule rule, SeriesKey key) => $"{rule.Name}/{key.Target}{(key.Subject.Length == 0 ? "" : "/" + key.Subject)}";

    private static ObservedFinding Missing(string system, WatchRule rule) => new(
        TroubleKinds.NoSamples, CheckPrefix + rule.Name, system, null, null, null, Severity.Low,
        $"Rule {rule.Name} has nothing to judge by: no target{(rule.Target is null ? "" : " " + rule.Target)} gives {rule.Metric}. Fix: watch a target that has it, or take the rule out.",
        new Dictionary<string, string> { ["rule"] = rule.Name, ["metric"] = rule.Metric }, null)
    {
        Subject = rule.Name,
    };

    private static string Name(RuleFunction function) => function switch
    {
        RuleFunction.P99 => "99th percentile",
        RuleFunction.Baseline => "times its usual rate",
        _ => function.ToString().ToLowerInvariant(),
    };

    private static string Number(double value) => Math.Abs(value) >= 100 ? value.ToString("#,##0", CultureInfo.InvariantCulture) : value.ToString("0.###", CultureInfo.InvariantCulture);
}
