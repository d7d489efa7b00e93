using System.Globalization;
using Microsoft.Extensions.Logging;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Routines;

/// <summary>
/// Carries out what is due, each routine of each system by one process at a time. A due time is settled by a run that did not fail, or by its third
/// failure; until then it is repeated every five minutes. What fails is the finding <c>routine_failed</c> until it works again.
/// </summary>
internal sealed class RoutineRunner(
    IFleet fleet, IEnumerable<IRoutine> routines, RoutineStore store, IFindings findings, TimeProvider time, ILogger<RoutineRunner> log)
{
    private const int Attempts = 3;
    private const int AtOnce = 4;
    private static readonly TimeSpan RetryAfter = TimeSpan.FromMinutes(5);

    // Whoever dies with the lease is followed after this; a run is cut off before. Functions end after ten minutes by default.
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(12);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(9);

    private readonly IRoutine[] _routines = [.. routines.OrderBy(routine => routine.Name, StringComparer.Ordinal)];

    /// <summary>One look at the clock: runs everything that is due; returns what was run.</summary>
    public async Task<IReadOnlyList<RoutineRun>> TickAsync(CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } current) return [];
        var made = new List<RoutineRun>();
        var all = from system in current.Document.Systems from routine in _routines where routine.AppliesTo(system) select (system, routine);
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (one, stop) =>
        {
            if (await TickAsync(one.system, one.routine, stop) is not { } run) return;
            lock (made) made.Add(run);
        });
        return made;
    }

    /// <summary>Runs a routine now because a person asks; its clock stays as it is.</summary>
    /// <exception cref="ProblemException">404 for a name that is none here, 409 while it is being carried out.</exception>
    public async Task<RoutineRun> RunNowAsync(string name, string systemName, string by, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(systemName)
            ?? throw new ProblemException(404, $"The fleet has no system {systemName}.", "$.system", "List them: whatsops fleet show.");
        var routine = _routines.FirstOrDefault(candidate => candidate.Name == name && candidate.AppliesTo(system))
            ?? throw new ProblemException(404, $"System {systemName} has no routine {name}.", "routine", "List them: whatsops routines.");
        var now = time.GetUtcNow();
        var owner = Guid.CreateVersion7(now);
        if (!await store.TryLeaseAsync(systemName, name, owner, null, now, now + Lease, cancellation))
            throw new ProblemException(409, $"Routine {name} of {systemName} is being carried out.", null, "Wait for it: whatsops routines.");
        var run = await CarryOutAsync(new(system, now, by), routine, cancellation);
        await store.ReleaseAsync(systemName, name, owner, null, null, CancellationToken.None);
        return run;
    }

    /// <summary>Every routine of every system with its clock and its last run.</summary>
    public async Task<IReadOnlyList<RoutineView>> ListAsync(string? only, CancellationToken cancellation)
    {
        var views = new List<RoutineView>();
        var now = time.GetUtcNow();
        foreach (var system in (await fleet.CurrentAsync(cancellation))?.Document.Systems ?? [])
        foreach (var routine in _routines.Where(routine => routine.AppliesTo(system) && (only is null || system.Name == only)))
        {
            var state = await store.StateAsync(system.Name, routine.Name, now, cancellation);
            views.Add(new(
                system.Name, routine.Name, routine.Summary, RoutineClock.Schedule(system, routine), system.TimeZone, RoutineClock.Of(system, routine)?.Next(now), state.LeasedUntil > now,
                await store.LastAsync(system.Name, routine.Name, cancellation)));
        }

        return views;
    }

    private async Task<RoutineRun?> TickAsync(FleetSystem system, IRoutine routine, CancellationToken cancellation)
    {
        if (RoutineClock.Of(system, routine) is not { } clock) return null;
        var now = time.GetUtcNow();
        var state = await store.StateAsync(system.Name, routine.Name, now, cancellation);
        if (state.RetryAt > now || clock.Due(state.LastDue, now) is not { } due) return null;
        var owner = Guid.CreateVersion7(now);
        if (!await store.TryLeaseAsync(system.Name, routine.Name, owner, due, now, now + Lease, cancellation)) return null;
        var run = await CarryOutAsync(new(system, due, null), routine, cancellation);
        var again = run.Outcome == "failed" && state.Attempts + 1 < Attempts;
        await store.ReleaseAsync(system.Name, routine.Name, owner, again ? null : due, again ? time.GetUtcNow() + RetryAfter : null, CancellationToken.None);
        return run;
    }

    private async Task<RoutineRun> CarryOutAsync(RoutineCall call, IRoutine routine, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var outcome = await AttemptAsync(call, routine, cancellation);
        var run = new RoutineRun(
            Guid.CreateVersion7(started), call.System.Name, routine.Name, call.Due, call.RequestedBy, started, time.GetUtcNow(),
            outcome is null ? "failed" : outcome.Complete ? "done" : "incomplete",
            outcome?.Summary ?? $"It failed, or took longer than {Longest.TotalMinutes:0} minutes; the log says more.", RoutineStore.Json(outcome?.Report));
        await store.SaveAsync(run, CancellationToken.None);
        await TellAsync(run);
        log.LogInformation("Routine {Routine} of {System}: {Outcome}. {Summary}", run.Routine, run.System, run.Outcome, run.Summary);
        return run;
    }

    private async Task<RoutineOutcome?> AttemptAsync(RoutineCall call, IRoutine routine, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await routine.RunAsync(call, both.Token);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // The type only: a message may quote an address or a value.
            log.LogError("Routine {Routine} of {System} failed: {Problem} at {Place}", routine.Name, call.System.Name, problem.GetType().Name, problem.TargetSite?.DeclaringType?.Name);
            return null;
        }
    }

    private Task TellAsync(RoutineRun run)
    {
        ObservedFinding[] seen = run.Outcome != "failed"
            ? []
            : [new("routine_failed", Check(run), run.System, null, null, null, Severity.Medium,
                $"Routine {run.Routine} of {run.System} failed, so what it watches is not watched.",
                new Dictionary<string, string> { ["routine"] = run.Routine, ["due"] = run.DueAt.ToString("u", CultureInfo.InvariantCulture) }, null) { Subject = run.Routine }];
        return findings.RecordAsync(new(Check(run), run.System, null, Complete: true, run.StartedAt, GoodObservationsToClose: 1), seen, CancellationToken.None);
    }

    private static string Check(RoutineRun run) => $"routine/{run.Routine}";
}
