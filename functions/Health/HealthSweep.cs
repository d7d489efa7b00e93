using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Health;

/// <summary>
/// Looks at the whole fleet once. Systems are swept in parallel, each under a lease: a sweep that finds a system being swept waits and
/// takes over that report, so two sweeps never count one observation twice.
/// </summary>
internal sealed class HealthSweep(
    IFleet fleet, SystemSweep systems, SweepStore store, Heartbeat heartbeat, IEnumerable<IAfterSweep> listeners, TimeProvider time, ILogger<HealthSweep> log)
{
    private const int SystemsAtOnce = 4;
    private static readonly TimeSpan LeaseGrace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LeasePoll = TimeSpan.FromMilliseconds(200);

    /// <summary>Null: there is no fleet in force.</summary>
    public async Task<SweepReport?> RunAsync(CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return null;
        var started = time.GetUtcNow();
        var reports = new SystemReport[version.Document.Systems.Count];
        var turns = await TurnsAsync(version.Document.Systems, cancellation);
        await Parallel.ForAsync(0, reports.Length, new ParallelOptions { MaxDegreeOfParallelism = SystemsAtOnce, CancellationToken = cancellation },
            async (turn, _) => reports[turns[turn]] = await SweepAsync(version.Document.Systems[turns[turn]], started, cancellation));

        var status = reports.Length == 0 ? HealthStatus.Healthy : reports.Max(report => report.OverallStatus);
        var report = new SweepReport(Guid.CreateVersion7(started), started, time.GetUtcNow(), status, reports.All(system => system.Complete), reports);
        if (report.Complete) report = report with { HeartbeatDelivered = await heartbeat.PingAsync(version.Document.Alerts, cancellation) };
        await store.SaveAsync(report, cancellation);
        foreach (var listener in listeners) await TellAsync(listener, report, cancellation);
        return report;
    }

    // All systems share one deadline: who came last, or was not finished, must not be the same one at every sweep.
    private async Task<int[]> TurnsAsync(IReadOnlyList<FleetSystem> listed, CancellationToken cancellation)
    {
        var ranks = (await store.TurnsAsync(cancellation)).Index().ToDictionary(turn => turn.Item, turn => turn.Index, StringComparer.Ordinal);
        return [.. Enumerable.Range(0, listed.Count).OrderBy(i => ranks.GetValueOrDefault(listed[i].Name, -1))];
    }

    private async Task<SystemReport> SweepAsync(FleetSystem system, DateTimeOffset started, CancellationToken cancellation)
    {
        var owner = Guid.CreateVersion7(started);
        var end = started + TimeSpan.FromSeconds(system.Thresholds.SweepDeadlineSeconds);
        var waited = false;
        while (!await store.TryLeaseAsync(system.Name, owner, time.GetUtcNow(), end + LeaseGrace, cancellation))
        {
            if (time.GetUtcNow() >= end) return Failed(system, started, "another process holds the sweep of this system");
            await Task.Delay(LeasePoll, time, cancellation);
            waited = true;
        }

        SystemReport? report = null;
        try
        {
            if (waited && await store.FinishedSinceAsync(system.Name, started, cancellation) is { } theirs) return theirs;
            var left = end - time.GetUtcNow();
            using var deadline = new CancellationTokenSource(left > TimeSpan.Zero ? left : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
            report = await systems.RunAsync(system, either.Token, cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(problem, "The sweep of {System} failed", system.Name);
            report = Failed(system, started, problem.GetType().Name);
        }
        finally
        {
            await store.ReleaseAsync(system.Name, owner, report, CancellationToken.None);
            if (report is not null) Metrics.Swept(system.Name, report.FinishedAt - report.StartedAt, report.Complete);
        }

        return report;
    }

    private SystemReport Failed(FleetSystem system, DateTimeOffset started, string error) =>
        new(system.Name, HealthStatus.Error, started, time.GetUtcNow(), [], [], [], [], 0, error);

    private async Task TellAsync(IAfterSweep listener, SweepReport report, CancellationToken cancellation)
    {
        try
        {
            await listener.SweptAsync(report, cancellation);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogError(problem, "{Listener} failed after the sweep; its timer will make up for it", listener.GetType().Name);
        }
    }
}
