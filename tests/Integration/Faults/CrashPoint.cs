using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>One moment at which a run dies.</summary>
/// <param name="Path">Path of the step.</param>
internal sealed record CrashPoint(string Path, Phase Phase, FaultPoint Point)
{
    public string Name => CrashAt.Name(Path, Phase, Point);

    public override string ToString() => Name;

    /// <summary>Every moment of a declaration: three per step, three per compensation, and the run's own beginning and end.</summary>
    public static IReadOnlyList<CrashPoint> Of(Runbook runbook)
    {
        var steps = StepTree.Flatten(runbook.Steps).Where(line => line.Step is not RunStep).ToList();
        var forward = steps.Select(line => (line.Path, line.Step is WaitStep or AskStep ? Phase.Probe : Phase.Act)).Prepend((StepCall.Begin, Phase.Act)).Append((StepCall.End, Phase.Act));
        var back = steps.Where(line => line.Step is DoStep { Undo: not null }).Select(line => (line.Path, Phase.Compensate));
        return [.. forward.Concat(back).SelectMany(step => Enum.GetValues<FaultPoint>().Select(point => new CrashPoint(step.Item1, step.Item2, point)))];
    }
}
