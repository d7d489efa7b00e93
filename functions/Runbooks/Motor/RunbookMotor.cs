using Microsoft.DurableTask;

namespace WhatsOps.Runbooks;

/// <summary>
/// Walks a declaration forward, and back over the compensations when a step fails. It decides nothing: whether a step acts, waits for a
/// person, is paused or was done long ago is the activity's answer from the run's rows. So the motor may start over at any time (lost
/// orchestration, ContinueAsNew) and walks quickly over what is recorded.
/// </summary>
public sealed class RunbookMotor
{
    /// <summary>The activity that carries out every step of every runbook.</summary>
    public const string Activity = "RunbookStep";

    /// <summary>The event that means: a row has changed, look again.</summary>
    public const string Wake = "wake";

    // After so many waits the history is dropped: 25 minutes of probing and a weekend of pause both stay small.
    private const int WaitsPerHistory = 40;

    // The activity fails only when WhatsOps' own database does; what a step's target does wrong is an answer.
    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(8, TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(30)));

    private readonly TaskOrchestrationContext _context;
    private readonly Runbook _runbook;
    private readonly Guid _runId;
    private readonly Stack<string> _undo = new();
    private int _waits;

    private RunbookMotor(TaskOrchestrationContext context, Runbook runbook, Guid runId) => (_context, _runbook, _runId) = (context, runbook, runId);

    /// <summary>Carries the run to its end; returns its final state.</summary>
    public static Task<string> RunAsync(TaskOrchestrationContext context, Runbook runbook) =>
        new RunbookMotor(context, runbook, context.GetInput<Guid>()).RunAsync();

    private async Task<string> RunAsync()
    {
        try
        {
            var began = await StepAsync(StepCall.Begin, Phase.Act);
            if (began.Move == StepMove.Next && !await WalkAsync(_runbook.Steps, "")) await CompensateAsync();
            return (await StepAsync(StepCall.End, Phase.Act)).Values[0];
        }
        catch (StartOverException)
        {
            _context.ContinueAsNew(_runId);
            return "starting over";
        }
    }

    private async Task<bool> WalkAsync(IReadOnlyList<Step> steps, string prefix)
    {
        foreach (var step in steps)
            if (!await WalkAsync(step, prefix + step.Id)) return false;
        return true;
    }

    private async Task<bool> WalkAsync(Step step, string path)
    {
        if (step is RunStep run) return await WalkAsync(run.Runbook.Steps, $"{path}.");
        // A failed step may have half acted, so its own compensation runs too.
        if (step is DoStep { Undo: not null }) _undo.Push(path);
        var answer = await StepAsync(path, step is WaitStep or AskStep ? Phase.Probe : Phase.Act);
        if (answer.Move == StepMove.Fail) return false;
        if (step is ChooseStep choose) return await WalkAsync(choose.Branches[answer.Values[0]], $"{path}.{answer.Values[0]}.");
        if (step is ForEachStep each)
            for (var item = 0; item < answer.Values.Count; item++)
                if (!await WalkAsync(each.Steps, $"{path}.{item}.")) return false;
        return true;
    }

    // One compensation that fails does not excuse the others: each is tried, the run ends as compensation_failed.
    private async Task CompensateAsync()
    {
        while (_undo.TryPop(out var path)) await StepAsync(path, Phase.Compensate);
    }

    private async Task<StepAnswer> StepAsync(string path, Phase phase)
    {
        while (true)
        {
            var answer = await _context.CallActivityAsync<StepAnswer>(Activity, new StepCall(_runId, path, phase), Patient);
            if (answer.Move != StepMove.Wait) return answer;
            _context.SetCustomStatus(new { step = path, phase });
            await WaitAsync(answer.After);
            if (++_waits >= WaitsPerHistory) throw new StartOverException();
        }
    }

    private async Task WaitAsync(TimeSpan after)
    {
        try
        {
            await _context.WaitForExternalEvent<string>(Wake, after);
        }
        catch (TaskCanceledException)
        {
            // Nobody woke us.
        }
    }

    private sealed class StartOverException : Exception;
}
