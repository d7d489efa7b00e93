using System.Globalization;
using Docker.DotNet.Models;
using WhatsOps.Containers;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>
/// Inspects what a rule found to have too much memory, as a person would (R-394): the container's use and limit, its processes, restarts, health, what it answers, and the
/// course of the last hours. A part that cannot be had is said; nothing here makes a finding fail.
/// </summary>
internal sealed class MemoryInspector(ContainerHost containers, ContainerProcesses processes, SampleStore samples, WatchStore targets, TimeProvider time)
{
    private const string Used = "container.memory.used.bytes";
    private const string At = "inspected_at";
    private const int ShownProcesses = 5;
    private const int ShownAnswers = 2;
    private static readonly HashSet<string> Metrics = ["container.memory.percent", Used, "bot.memory.percent", "bot.memory.megabytes", "prometheus.process_resident_memory_bytes"];
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    // Rules of other systems wait.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The finding with what was seen of its memory; of a rule about anything else as it is.</summary>
    /// <param name="before">The same finding as it stands; what was seen for it less than 10 minutes ago is not asked again.</param>
    public async Task<ObservedFinding> InspectAsync(FleetSystem system, SeriesKey series, ObservedFinding finding, Finding? before, CancellationToken cancellation)
    {
        if (!Metrics.Contains(series.Metric)) return finding;
        var now = time.GetUtcNow();
        var seen = before is not null && before.Evidence.TryGetValue(At, out var text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, out var at) && now - at < Fresh
            ? before.Evidence : await LookAsync(system, series, now, cancellation);
        var evidence = new Dictionary<string, string>(seen);
        foreach (var (name, value) in finding.Evidence) evidence[name] = value;
        return finding with { Evidence = evidence };
    }

    private async Task<Dictionary<string, string>> LookAsync(FleetSystem system, SeriesKey series, DateTimeOffset now, CancellationToken cancellation)
    {
        var course = await samples.SeriesAsync(system.Name, [series.Metric, .. MemoryTrend.Uptimes], [series.Target], now - MemoryTrend.Reach, cancellation);
        var trend = MemoryTrend.Of(course, series, now);
        var evidence = new Dictionary<string, string> { [At] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture), ["trend"] = trend.Words(series.Metric) };
        var answers = (await targets.WordsAsync(system.Name, cancellation)).Where(one => one.Target.StartsWith("http/", StringComparison.Ordinal)).Take(ShownAnswers).Select(one => $"{one.Target}: {one.Words}").ToArray();
        if (answers.Length > 0) evidence["answers"] = string.Join(" ", answers);
        var target = await ContainerAsync(system, series, now, cancellation);
        evidence["container"] = target?.Container.Container ?? "none is watched";
        var wasKilled = target is not null && await SeeAsync(target.Container, evidence, cancellation);
        evidence["reading"] = Reading(system.Name, target, trend.Course, wasKilled);
        return evidence;
    }

    // The one that the series is of; of a number that a product tells of itself the container that uses most.
    private async Task<ContainerTarget?> ContainerAsync(FleetSystem system, SeriesKey series, DateTimeOffset now, CancellationToken cancellation)
    {
        var watched = system.Watch?.Containers ?? [];
        if (series.Target.StartsWith("container/", StringComparison.Ordinal)) return watched.FirstOrDefault(one => ContainerProbe.NameOf(one) == series.Target);
        var used = await samples.SeriesAsync(system.Name, [Used], [.. watched.Select(ContainerProbe.NameOf)], now - Lately, cancellation);
        return used.Count == 0 ? null : watched.FirstOrDefault(one => ContainerProbe.NameOf(one) == used.MaxBy(one => one.Value[^1].Value).Key.Target);
    }

    // True: it was killed for want of memory.
    private async Task<bool> SeeAsync(ContainerReference container, Dictionary<string, string> evidence, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            if (await containers.InspectAsync(container, either.Token) is not { } found) throw ContainerHost.NoSuch(container);
            evidence["health"] = ContainerCondition.HealthWords(found);
            evidence["restarts"] = ContainerCondition.RestartWords(found, time.GetUtcNow());
            evidence["memory"] = await UseAsync(container, found, either.Token);
            evidence["processes"] = string.Join(", ", (await processes.ReadAsync(container, either.Token)).Take(ShownProcesses).Select(one => $"{one.Command} {one.Kilobytes / 1024} MB"));
            return found.State?.OOMKilled == true;
        }
        catch (ContainerException problem)
        {
            evidence["not_seen"] = problem.Message;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            evidence["not_seen"] = $"Its engine does not answer within {Patience.TotalSeconds:0} s.";
        }

        return false;
    }

    private async Task<string> UseAsync(ContainerReference container, ContainerInspectResponse found, CancellationToken cancellation)
    {
        var stats = await containers.StatsAsync(container, cancellation);
        var measures = ContainerUse.Measures(found, stats, stats).ToDictionary(measure => measure.Metric, measure => measure.Value);
        if (!measures.TryGetValue(Used, out var used)) return "the engine does not say";
        return measures.TryGetValue("container.memory.limit.bytes", out var limit) ? $"{MemoryTrend.Value(Used, used)} of {MemoryTrend.Value(Used, limit)} ({MemoryTrend.Value("container.memory.percent", used / limit * 100)})" : MemoryTrend.Value(Used, used);
    }

    private static string Reading(string system, ContainerTarget? target, MemoryCourse course, bool wasKilled)
    {
        var restart = target is null ? "A restart" : $"A restart (docker restart {target.Container.Container})";
        return course switch
        {
            MemoryCourse.Growing => $"A leak, or more and more load. {restart} gives time; the cause stays.",
            MemoryCourse.Jumped => $"Something came in that takes much at once{(target is null ? "" : $": whatsops watch logs {system} {target.Name} --minutes 60")}. {restart} gives it back.",
            MemoryCourse.Steady => "It needs this much all the time: a higher limit, or less to do.",
            _ => $"Too young to tell a leak from its usual need. {restart} gives time.",
        } + (wasKilled ? " It was killed for want of memory before, and ends so again." : "");
    }
}
