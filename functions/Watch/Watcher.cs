using Microsoft.Extensions.Logging;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// Looks at what is due of everything that systems stand on besides their gateways: readings become samples and findings, then the rules judge. A target that hangs
/// holds up the rules of its own system only, and no longer than its patience.
/// </summary>
internal sealed class Watcher(
    IFleet fleet, IEnumerable<IProbe> probes, WatchStore store, SampleStore samples, TargetFindings findings, RuleJudge rules, TimeProvider time, ILogger<Watcher> log)
{
    private const int LooksAtOnce = 64;
    private const int WritesAtOnce = 8;
    private static readonly TimeSpan LeaseGrace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SecondLook = TimeSpan.FromMinutes(1);

    // A minute, and the clock may tick a little early.
    private static readonly TimeSpan DownFor = TimeSpan.FromMinutes(1) - WatchStore.Slack;

    /// <summary>Looks at the targets of all systems, or of one.</summary>
    /// <param name="isDue">False: all of them now, as a person asks, but those that are looked at only when they are due.</param>
    /// <returns>How many were looked at.</returns>
    public async Task<int> RunAsync(string? only, bool isDue, CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return 0;
        var wanted = new List<(string System, Look Look)>();
        foreach (var system in version.Document.Systems.Where(system => only is null || system.Name == only))
            foreach (var probe in probes)
                foreach (var look in probe.LooksAt(system)) wanted.Add((system.Name, look));
        if (only is null) await ForgetAsync(version, wanted, cancellation);
        if (wanted.Count == 0) return 0;

        var owner = Guid.CreateVersion7(time.GetUtcNow());
        var claimed = await store.ClaimAsync(isDue ? wanted : [.. wanted.Where(one => !one.Look.IsOnlyWhenDue)], isDue, owner, time.GetUtcNow(), wanted.Max(one => one.Look.Patience) + LeaseGrace, cancellation);
        var looks = LooksOf(wanted);
        using var looking = new SemaphoreSlim(LooksAtOnce);
        using var writing = new SemaphoreSlim(WritesAtOnce);
        await Task.WhenAll(claimed.GroupBy(target => target.System).Select(async targets =>
        {
            if (version.System(targets.Key) is not { } system) return;
            var mine = looks[system.Name];
            await Task.WhenAll(targets.Select(target => LookAsync(system, target, mine[target.Target], owner, looking, writing, cancellation)));
            await WithAsync(writing, () => rules.JudgeAsync(system, mine, cancellation), cancellation);
        }));
        return claimed.Count;
    }

    private async Task LookAsync(FleetSystem system, WatchedTarget target, Look look, Guid owner, SemaphoreSlim looking, SemaphoreSlim writing, CancellationToken cancellation)
    {
        await looking.WaitAsync(cancellation);
        DateTimeOffset at;
        TimeSpan took;
        Reading reading;
        try
        {
            at = time.GetUtcNow();
            var began = time.GetTimestamp();
            reading = await ReadAsync(look, cancellation);
            took = time.GetElapsedTime(began);
        }
        finally
        {
            looking.Release();
        }

        var isFailure = reading.Outcome == Outcome.Unreachable;
        var up = reading.Outcome == Outcome.Seen ? 1 : 0;
        IReadOnlyList<Measure> measures =
        [
            new("up", up), .. isFailure ? [] : (Measure[])[new(look.Clock, took.TotalSeconds)],
            // Again, since windows may be other ones when a month is reviewed.
            .. MaintenanceWindows.Contain(system, null, at) ? (Measure[])[new(KpiMath.Planned, up)] : [], .. reading.Measures,
        ];
        await WithAsync(writing, async () =>
        {
            // Down for a minute: not all of the failures before this one are younger.
            var isDown = isFailure && target.Failures > 0 && target.Failures > await samples.CountAsync(system.Name, target.Target, "up", at - DownFor, at, cancellation);
            await samples.AddAsync(system.Name, target.Target, measures, at, cancellation);
            await findings.RecordAsync(system, target, reading, isDown, at, cancellation);
            await store.SaveAsync(target, reading, isFailure, at, took, isFailure && look is { IsOnlyWhenDue: false, IsGentle: false } ? at + SecondLook : null, owner, cancellation);
        }, cancellation);
    }

    private async Task<Reading> ReadAsync(Look look, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(look.Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            // A client library may not look at its token.
            return await look.ReadAsync(either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Reading.Unreachable($"No answer within {look.Patience.TotalSeconds:0} s.");
        }
        catch (MissingSecretException missing)
        {
            return Reading.Unauthorized(missing.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // A probe that throws is a mistake of ours, and must not look like a healthy target.
            log.LogError(problem, "Looking at {Target} failed", look.Target);
            return Reading.Unreachable($"Looking failed ({problem.GetType().Name}); the log has more.");
        }
    }

    private async Task ForgetAsync(FleetVersion version, IReadOnlyList<(string System, Look Look)> wanted, CancellationToken cancellation)
    {
        var forgotten = await store.ForgetAsync(wanted, cancellation);
        foreach (var gone in forgotten) await findings.CloseAsync(gone.System, gone.Target, time.GetUtcNow(), cancellation);
        // A system may have no target left, and then nothing below would judge it.
        foreach (var name in forgotten.Select(gone => gone.System).Distinct())
            if (version.System(name) is { } system) await rules.JudgeAsync(system, LooksOf(wanted).GetValueOrDefault(name) ?? [], cancellation);
    }

    private static Dictionary<string, Dictionary<string, Look>> LooksOf(IEnumerable<(string System, Look Look)> wanted) =>
        wanted.GroupBy(one => one.System, one => one.Look).ToDictionary(looks => looks.Key, looks => looks.ToDictionary(look => look.Target));

    private static async Task WithAsync(SemaphoreSlim gate, Func<Task> work, CancellationToken cancellation)
    {
        await gate.WaitAsync(cancellation);
        try
        {
            await work();
        }
        finally
        {
            gate.Release();
        }
    }
}
