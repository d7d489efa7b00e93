using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Database;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Runbooks;

/// <summary>
/// Carries out one step of one run, and answers what the motor must do next. Everything it decides on is read from the rows, and everything it
/// decides is written there, so a repeat after a crash finds what was done. The order is: recorded already? cancelled? expired? paused? in a
/// maintenance window? still ours? then act, then record.
/// </summary>
public sealed class StepExecutor(
    RunStore runs,
    StepJournal journal,
    RunTurns turns,
    RunLocks locks,
    RunNotices notices,
    RunExpiry expiry,
    RunEnding ending,
    RunbookCatalogue catalogue,
    RunbookPatience patience,
    IPauses pauses,
    IFleet fleet,
    ISecretProtector protector,
    NpgsqlDataSource database,
    IFaultPoints faults,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<StepExecutor> log)
{
    private static readonly TimeSpan Busy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PauseLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan WindowLook = TimeSpan.FromSeconds(30);

    public async Task<StepAnswer> ExecuteAsync(StepCall call, CancellationToken cancellation)
    {
        await using var turn = await turns.TryTakeAsync(call.RunId, cancellation);
        if (turn is null) return Wait(Busy);
        var run = await runs.FindAsync(call.RunId, cancellation) ?? throw new InvalidOperationException($"There is no run {call.RunId}.");
        if (call.Step == StepCall.End) return await EndAsync(run, cancellation);
        var steps = await runs.StepsAsync(run.Id, cancellation);
        var recorded = steps.FirstOrDefault(step => step.Step == call.Step && step.Phase == call.Phase);
        if (recorded is { IsFinal: true })
            return recorded.Status == StepStatus.Failed ? StepAnswer.Fail() : StepAnswer.Next(recorded.Values);
        // A motor that outlived its run has nothing left to do.
        if (run.IsFinal) return StepAnswer.Fail();
        // Before the pause: a cancelled run that has done nothing must not stay open until somebody resumes. What it did is taken back after that.
        if (call.Phase != Phase.Compensate && run.IsCancelled) return await RefuseAsync(run, call, cancellation);
        if (!run.HasBegun && await expiry.TryExpireAsync(run, cancellation)) return StepAnswer.Fail();
        if (await pauses.IsPausedAsync(run.Target.System, cancellation))
        {
            await journal.ShowAsync(run, RunState.Paused, $"Paused before {call.Step}.{Deadline(run)}", cancellation);
            return Wait(PauseLook);
        }

        if (await WaitsForWindowAsync(run, cancellation))
        {
            await journal.ShowAsync(run, RunState.Waiting, $"Waits for the end of a maintenance window of {run.Target.System}.{Deadline(run)}", cancellation);
            return Wait(WindowLook);
        }

        return call.Step == StepCall.Begin ? await BeginAsync(run, call, cancellation) : await StepAsync(run, call, steps, cancellation);
    }

    // People who work on the gateway in a window start what they need; what a policy asked for would run into their work. Once begun it finishes.
    private async Task<bool> WaitsForWindowAsync(Run run, CancellationToken cancellation) =>
        !run.HasBegun && run.RequestedBy == RunDesk.PolicyName
        && (await fleet.CurrentAsync(cancellation))?.System(run.Target.System) is { } system && MaintenanceWindows.Contain(system, run.Target.Tenant, time.GetUtcNow());

    private async Task<StepAnswer> BeginAsync(Run run, StepCall call, CancellationToken cancellation)
    {
        if (run.ApprovedAt is null) return Wait(TimeSpan.FromSeconds(30));
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Before);
        if (await locks.TakeAsync(run, cancellation) is not { } fence)
        {
            await journal.ShowAsync(run, RunState.Waiting, $"Another run is acting on {run.Target.Instance}.", cancellation);
            return Wait(PauseLook);
        }

        var attempt = await journal.BeginAsync(run, call, null, cancellation);
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Acted);
        await journal.StartedAsync(run, fence, cancellation);
        await notices.BegunAsync(run, cancellation);
        await journal.RecordAsync(run, attempt, StepStatus.Done, StepResult.Done($"The run holds the lock on {run.Target.Instance}."), RunState.Running, null, cancellation);
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Recorded);
        return StepAnswer.Next();
    }

    private async Task<StepAnswer> StepAsync(Run run, StepCall call, IReadOnlyList<StepRow> steps, CancellationToken cancellation)
    {
        if (!await locks.HoldsAsync(run, cancellation))
            throw new InvalidOperationException($"Run {run.Id} no longer holds the lock on {run.Target.Instance}: nothing was done.");
        var place = StepTree.Find(catalogue.Get(run.Plan.Runbook, run.Plan.Version), call.Step);
        if (call.Phase == Phase.Act && run.Plan.PointOfNoReturn is { } noReturn && StepTree.Matches(noReturn, call.Step) && !await journal.CommitAsync(run, cancellation))
            return await RefuseAsync(run, call, cancellation);
        using var span = Traces.Start("step", call.Step, origin: run.Trace);
        var context = await ContextAsync(run, call, place, steps, cancellation);
        var attempt = await journal.BeginAsync(run, call, place.Step is AskStep ask ? patience.Scaled(ask.AtMost) : null, cancellation);
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Before);
        var result = await AttemptAsync(place.Step, call.Phase, context with { Attempt = attempt.Attempts }, attempt, cancellation);
        Describe(span, run, call, attempt, result);
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Acted);
        var answer = await RecordAsync(run, place.Step, attempt, result, cancellation);
        await faults.ReachAsync(run.Id, call.Step, call.Phase, FaultPoint.Recorded);
        return answer;
    }

    // Not the detail: it is for people, and stands in the run.
    private static void Describe(Activity? span, Run run, StepCall call, StepRow attempt, StepResult result)
    {
        span?.SetTag("whatsops.run.id", run.Id.ToString()).SetTag("whatsops.runbook", run.Plan.Runbook).SetTag("whatsops.step.phase", SnakeName<Phase>.Of(call.Phase))
            .SetTag("whatsops.step.attempt", attempt.Attempts).SetTag("whatsops.outcome", System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(result.Outcome.ToString()))
            .SetTag("whatsops.system", run.Target.System).SetTag("whatsops.tenant", run.Target.Tenant);
        if (result.Outcome is StepOutcome.Failed or StepOutcome.Retry) span?.SetStatus(ActivityStatusCode.Error);
    }

    private async Task<StepResult> AttemptAsync(Step step, Phase phase, StepContext context, StepRow attempt, CancellationToken cancellation)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var services = scope.ServiceProvider;
            return (step, phase) switch
            {
                (DoStep { Undo: { } undo }, Phase.Compensate) => await undo.Act(services, context, cancellation),
                (DoStep act, _) => await act.Act(services, context, cancellation),
                (WaitStep wait, _) => await wait.Probe(services, context, cancellation),
                (AskStep ask, _) => await AskAsync(ask, services, context, attempt, cancellation),
                (ChooseStep choose, _) => Branch(choose, await choose.Decide(services, context, cancellation)),
                (ForEachStep each, _) => Capped(each, await each.Items(services, context, cancellation)),
                _ => throw new InvalidOperationException($"Step {context.Step} cannot be carried out."),
            };
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("Run {Run}, step {Step}, {Phase}: {Problem}", context.RunId, context.Step, phase, Harmless.Sentence(problem));
            return StepResult.Retry(Harmless.Sentence(problem));
        }
    }

    private static async Task<StepResult> AskAsync(AskStep ask, IServiceProvider services, StepContext context, StepRow attempt, CancellationToken cancellation)
    {
        var seen = ask.Proof is { } proof ? await proof(services, context, cancellation) : null;
        return (seen, attempt.Answer) switch
        {
            ({ Outcome: StepOutcome.Done }, _) => seen,
            (_, "no") => StepResult.Failed($"{attempt.AnsweredBy} said no."),
            (null, "yes") => StepResult.Done($"{attempt.AnsweredBy} confirmed."),
            _ => seen ?? StepResult.NotYet(ask.Request),
        };
    }

    private static StepResult Branch(ChooseStep choose, StepResult result) =>
        result.Outcome == StepOutcome.Done && (result.Values.Count != 1 || !choose.Branches.ContainsKey(result.Values[0]))
            ? StepResult.Failed($"{choose.Id} chose no branch that exists.")
            : result;

    private static StepResult Capped(ForEachStep each, StepResult result) =>
        result.Values.Count > each.Cap ? StepResult.Failed($"{each.Id} found {result.Values.Count} items; the cap is {each.Cap}, so none was touched.") : result;

    private async Task<StepAnswer> RecordAsync(Run run, Step step, StepRow attempt, StepResult result, CancellationToken cancellation)
    {
        var compensating = attempt.Phase == Phase.Compensate;
        var late = time.GetUtcNow() >= attempt.FirstAt + patience.Scaled(step.AtMost);
        var spent = attempt.Failures + 1 >= (compensating ? patience.CompensationAttempts : patience.Attempts);
        var moving = compensating ? RunState.Compensating : RunState.Running;
        switch (result.Outcome)
        {
            case StepOutcome.Done:
                await journal.RecordAsync(run, attempt, StepStatus.Done, result, moving, null, cancellation);
                return StepAnswer.Next(result.Values);
            // Silence means no, and a no is not always a reason to undo: the declaration says which.
            case StepOutcome.NotYet or StepOutcome.Failed when step is AskStep { WhenSilent: { } silent } && (late || result.Outcome == StepOutcome.Failed):
                await journal.RecordAsync(run, attempt, StepStatus.Unanswered, result with { Detail = $"Nobody did it in time. {result.Detail}" }, moving, silent, cancellation);
                return StepAnswer.Next();
            case StepOutcome.NotYet when late && step is ChooseStep { WhenLate: { } branch }:
                var chosen = StepResult.Chose(branch, $"{branch}, since it was not so within {step.AtMost.TotalMinutes:0.#} minutes: {result.Detail}") with { Facts = result.Facts };
                await journal.RecordAsync(run, attempt, StepStatus.Done, chosen, moving, null, cancellation);
                return StepAnswer.Next(chosen.Values);
            case StepOutcome.NotYet when !late:
                var waiting = compensating ? RunState.Compensating : step is AskStep ? RunState.WaitingPerson : RunState.Waiting;
                await journal.RecordAsync(run, attempt, StepStatus.Waiting, result, waiting, null, cancellation);
                return Wait(result.After ?? step.Every.After(attempt.Attempts));
            case StepOutcome.Retry or StepOutcome.Failed when !spent && (compensating || result.Outcome == StepOutcome.Retry):
                await journal.RecordAsync(run, attempt, StepStatus.Waiting, result, compensating ? RunState.Compensating : RunState.Waiting, null, cancellation);
                return Wait(patience.Backoff.After(attempt.Failures + 1));
            default:
                var why = result.Outcome == StepOutcome.NotYet ? result with { Detail = $"Not within {step.AtMost.TotalMinutes:0.#} minutes: {result.Detail}" } : result;
                await journal.RecordAsync(run, attempt, StepStatus.Failed, why, RunState.Compensating, null, cancellation);
                return StepAnswer.Fail();
        }
    }

    private async Task<StepAnswer> RefuseAsync(Run run, StepCall call, CancellationToken cancellation)
    {
        var fresh = await runs.FindAsync(run.Id, cancellation) ?? run;
        var attempt = await journal.BeginAsync(run, call, null, cancellation);
        await journal.RecordAsync(run, attempt, StepStatus.Failed, StepResult.Failed($"Cancelled by {fresh.CancelBy}."), RunState.Compensating, null, cancellation);
        return StepAnswer.Fail();
    }

    private async Task<StepAnswer> EndAsync(Run run, CancellationToken cancellation)
    {
        await faults.ReachAsync(run.Id, StepCall.End, Phase.Act, FaultPoint.Before);
        var state = run.IsFinal ? run.State : await ending.EndAsync(run, cancellation);
        await faults.ReachAsync(run.Id, StepCall.End, Phase.Act, FaultPoint.Recorded);
        return StepAnswer.Next(SnakeName<RunState>.Of(state));
    }

    internal async Task<StepContext> ContextAsync(Run run, StepCall call, StepPlace place, IReadOnlyList<StepRow> steps, CancellationToken cancellation)
    {
        var system = (await fleet.CurrentAsync(cancellation))?.System(run.Target.System)
            ?? throw new InvalidOperationException($"System {run.Target.System} is no longer in the fleet.");
        var item = place.Item is var (path, index) ? steps.First(step => step.Step == path && step.Phase == Phase.Act).Values[index] : null;
        var before = steps.FirstOrDefault(step => step.Step == call.Step && step.Phase == call.Phase);
        return new(
            run.Id, call.Step, run.Target, system, item, 0,
            before is { Status: StepStatus.Running } ? before.BeganAt : null,
            steps.Any(step => step.Status == StepStatus.Unanswered),
            new RunArtifacts(database, protector, time, run.Id, run.Target))
        {
            LastFacts = before?.Facts ?? new Dictionary<string, string>(),
        };
    }

    private string Deadline(Run run) => !run.HasBegun && expiry.BeginsBefore(run) is { } end ? $" Its approval ends at {end:yyyy-MM-dd HH:mm} UTC." : "";

    private StepAnswer Wait(TimeSpan time) => StepAnswer.Wait(patience.Scaled(time));
}
