using System.Globalization;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Reports;
using WhatsOps.Routines;
using WhatsOps.Watch;

namespace WhatsOps.Checklists;

/// <summary>
/// Evidence for items, from what WhatsOps has seen anyway: <c>routine:NAME</c> (its last run), <c>findings:KIND,…</c>, <c>open</c> (all findings),
/// <c>watch:FAMILY</c> (its targets) and <c>watch:FAMILY/PART</c> (only that of them; of <c>release/changelog</c> every look of the week), <c>sweep</c>, <c>errors</c>, <c>performance</c> and <c>events</c> (the last 24 hours).
/// No evidence is never good evidence.
/// </summary>
internal sealed class EvidenceCollector(RoutineStore routines, IFindings findings, SweepStore sweeps, CallReader calls, ActivityReader activity, WatchBoard board)
{
    private const int MostTargets = 10;

    private static readonly TimeSpan Week = TimeSpan.FromDays(7);

    private static readonly TimeSpan SweepAge = TimeSpan.FromMinutes(15);

    /// <summary>False: an item asks for a routine that this WhatsOps does not have, or for what is not watched in this system, so a person must do it.</summary>
    public static bool CanJudge(ChecklistItem item, FleetSystem system) => item.By == "machine" && item.Sources.All(source => source.Split(':') switch
    {
        ["routine", var name] => KnownRoutines.All.Contains(name),
        ["watch", "release/changelog"] => system.Watch?.Releases.Any(release => release.Changelog is not null) == true,
        _ => true,
    });

    public async Task<IReadOnlyList<TaskEvidence>> CollectAsync(FleetSystem system, ChecklistItem item, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation)
    {
        var evidence = new List<TaskEvidence>();
        foreach (var source in item.Sources) evidence.Add(await OneAsync(system, source, fresh, now, cancellation));
        return evidence;
    }

    private Task<TaskEvidence> OneAsync(FleetSystem system, string source, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation) => source.Split(':') switch
    {
        ["routine", var name] => RoutineAsync(system, source, name, fresh, now, cancellation),
        ["findings", var kinds] => FindingsAsync(system, source, kinds.Split(','), cancellation),
        ["open"] => FindingsAsync(system, source, null, cancellation),
        ["watch", "release/changelog"] => NotesAsync(system, source, fresh, now, cancellation),
        ["watch", var place] => WatchAsync(system, source, place.Split('/'), fresh, now, cancellation),
        ["sweep"] => SweepAsync(system, now, cancellation),
        ["errors"] => CallsAsync(system, source, now, false, cancellation),
        ["performance"] => CallsAsync(system, source, now, true, cancellation),
        ["events"] => EventsAsync(system, now, cancellation),
        _ => throw new InvalidOperationException($"{source} is no source of evidence."),
    };

    private async Task<TaskEvidence> RoutineAsync(FleetSystem system, string source, string name, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await routines.LastAsync(system.Name, name, cancellation) is not { } run) return new(source, false, $"{name} has never run.");
        var at = ReportText.Time(run.StartedAt);
        return now - run.StartedAt > fresh
            ? new(source, false, $"{name} ran last at {at}, which is too long ago.", $"whatsops routines run {name} --system {system.Name}")
            : new(source, run.Outcome == "done", $"{name} at {at}: {run.Outcome}. {run.Summary}", $"whatsops routines show {run.Id}");
    }

    private async Task<TaskEvidence> FindingsAsync(FleetSystem system, string source, string[]? kinds, CancellationToken cancellation)
    {
        var open = (await findings.ListAsync(new(system.Name, Limit: 5000), cancellation)).Where(finding => kinds is null || kinds.Contains(finding.Kind)).ToArray();
        // Known and accepted is a decision, not trouble.
        var bad = open.Count(finding => finding.Severity >= Severity.High && finding.State != FindingState.Accepted);
        var words = open.Length == 0 ? "No finding is open." : string.Join(", ", open.GroupBy(finding => finding.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)
            .Select(kind => string.Create(CultureInfo.InvariantCulture, $"{kind.Count()} {kind.Key}"))) + " open.";
        return new(source, bad == 0, words, $"whatsops findings --system {system.Name}");
    }

    /// <param name="place">A family, and perhaps a part of its targets.</param>
    private async Task<TaskEvidence> WatchAsync(FleetSystem system, string source, string[] place, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation) =>
        await WatchAsync(system, source, place, await board.TargetsAsync(system.Name, cancellation), fresh, now, cancellation);

    private async Task<TaskEvidence> WatchAsync(
        FleetSystem system, string source, string[] place, IReadOnlyList<TargetView> all, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation)
    {
        var targets = all.Where(target => target.Target.StartsWith(place[0] + "/", StringComparison.Ordinal)).ToArray();
        if (targets.Length == 0) return new(source, false, $"Nothing of {place[0]} is watched.");
        var names = targets.Select(target => target.Target).ToHashSet(StringComparer.Ordinal);
        // What is found of a target as a whole is about each part of it.
        var open = (await findings.ListAsync(new(system.Name, Limit: 5000), cancellation)).Where(finding => finding.State != FindingState.Accepted
            && names.FirstOrDefault(name => finding.Check == $"watch/{name}") is { } name && (place.Length == 1 || finding.Subject == name || finding.Subject == $"{name}/{place[1]}")).ToArray();
        var seen = targets.All(target => target.Outcome == "seen" && now - target.ReadAt <= fresh);
        var words = targets.Take(MostTargets).Select(target => $"{target.Target}: {target.Words ?? "not looked at yet."}").Concat(open.Take(MostTargets).Select(finding => finding.Cause));
        return new(source, seen && open.Length == 0, string.Join(' ', words), $"whatsops watch --system {system.Name}");
    }

    /// <summary>Every look of the week counts, and not only what is open at its end.</summary>
    private async Task<TaskEvidence> NotesAsync(FleetSystem system, string source, TimeSpan fresh, DateTimeOffset now, CancellationToken cancellation)
    {
        var targets = await board.TargetsAsync(system.Name, cancellation);
        var watched = await WatchAsync(system, source, ["release", "changelog"], targets, fresh, now, cancellation);
        var read = targets.ToDictionary(target => target.Target, target => target.ReadAt);
        var least = (await board.SummaryAsync(system.Name, now - Week, now, cancellation)).Where(series => series.Metric == "release.changelog").ToDictionary(series => series.Target, series => series.Least);
        var against = (system.Watch?.Releases ?? []).Where(release => release.Changelog is not null).Select(release => Against($"release/{release.Name}", 2 * TimeSpan.FromSeconds(release.EverySeconds))).OfType<string>().ToArray();
        return watched with { Ok = watched.Ok && against.Length == 0, Text = string.Join(' ', against.Prepend(watched.Text)) };

        string? Against(string target, TimeSpan patience) =>
            now - read.GetValueOrDefault(target) > patience ? $"{target} was looked at too long ago."
            : !least.TryGetValue(target, out var worst) ? $"No look of the week saw whether {target} has notes."
            : worst < 1 ? $"A release of the week, of {target}, was without notes." : null;
    }

    private async Task<TaskEvidence> SweepAsync(FleetSystem system, DateTimeOffset now, CancellationToken cancellation)
    {
        var sweep = await sweeps.LatestAsync(cancellation);
        if (sweep?.Systems.FirstOrDefault(report => report.System == system.Name) is not { } seen) return new("sweep", false, "No sweep has seen this system.");
        var states = string.Join(", ", seen.Tenants.GroupBy(tenant => tenant.Status).OrderBy(status => status.Key)
            .Select(status => string.Create(CultureInfo.InvariantCulture, $"{status.Count()} {status.Key.ToString().ToLowerInvariant()}")));
        var at = ReportText.Time(seen.FinishedAt);
        return now - seen.FinishedAt > SweepAge
            ? new("sweep", false, $"The last sweep ended at {at}, which is too long ago.")
            : new("sweep", seen.Complete, $"Sweep of {at}{(seen.Complete ? "" : " (incomplete)")}: {(states.Length == 0 ? "no tenants" : states)}.");
    }

    private async Task<TaskEvidence> CallsAsync(FleetSystem system, string source, DateTimeOffset now, bool withTimes, CancellationToken cancellation)
    {
        var figures = await calls.ReadAsync(system.Name, ReportWindow.Days(now, 1), TimeZoneInfo.Utc, cancellation);
        if (figures.Requests == 0) return new(source, false, "Nothing was called in the last 24 hours.");
        var errors = figures.Errors.Count == 0 ? "no errors" : string.Join(", ", figures.Errors.Take(5).Select(error => string.Create(CultureInfo.InvariantCulture, $"{error.Name} {error.Count}")));
        var ok = !figures.SucceedsLessThan(system.Thresholds.SuccessPercent) && !(withTimes && figures.AverageMs > system.Thresholds.SlowResponseMs);
        return new(
            source, ok, string.Create(CultureInfo.InvariantCulture, $"{figures.Requests} calls, {figures.SuccessPercent}% successful, on average {figures.AverageMs} ms, 95% within {figures.P95Ms} ms; {errors}."),
            $"whatsops report performance --system {system.Name} --days 1");
    }

    private async Task<TaskEvidence> EventsAsync(FleetSystem system, DateTimeOffset now, CancellationToken cancellation)
    {
        var active = await activity.TopTenantsAsync(system.Name, ReportWindow.Days(now, 1), 1000, cancellation);
        return new("events", active.Count > 0, active.Count == 0
            ? "No event came in the last 24 hours."
            : string.Create(CultureInfo.InvariantCulture, $"{active.Sum(tenant => tenant.Count)} events of {active.Count} tenants in the last 24 hours."));
    }
}
