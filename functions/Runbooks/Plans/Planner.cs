using System.Globalization;
using WhatsOps.Fleet;
using WhatsOps.Gateways.TaktChat;

namespace WhatsOps.Runbooks;

/// <summary>Makes a plan from a declaration and a prepared target.</summary>
public static class Planner
{
    /// <param name="kind">Of the target's system: its gateways' calls are shown.</param>
    public static Plan Plan(Runbook runbook, RunTarget target, string kind = SystemKinds.Evolution)
    {
        var lines = StepTree.Flatten(runbook.Steps).ToList();
        var noReturn = lines.FirstOrDefault(line => line.Step.Effect == Effect.Irreversible).Path;
        var steps = lines.Select(line => Line(line.Path, line.Step, target, kind, line.Path == noReturn)).ToList();
        return new(runbook.Name, runbook.Version, target, runbook.IsDestructive, noReturn, steps);
    }

    private static PlanStep Line(string path, Step step, RunTarget target, string kind, bool noReturn)
    {
        var undo = (step as DoStep)?.Undo;
        return new(path, Kind(step), Fill(step.Title, target), step.Effect, Fill(step.Calls, target, kind), undo?.Title, Fill(undo?.Calls ?? [], target, kind), Limit(step), noReturn);
    }

    private static string Kind(Step step) => step switch
    {
        DoStep => "do",
        WaitStep => "wait_until",
        AskStep => "ask_human",
        ChooseStep => "choose",
        ForEachStep => "for_each",
        _ => "run",
    };

    private static string? Limit(Step step) => step switch
    {
        WaitStep => $"{step.Every}, at most {step.AtMost.TotalMinutes:0.#} min",
        AskStep => $"at most {step.AtMost.TotalMinutes:0.#} min; silence means no",
        ChooseStep { WhenLate: { } branch } => $"{step.Every}, at most {step.AtMost.TotalMinutes:0.#} min, then {branch}",
        ForEachStep each => $"at most {each.Cap} items",
        _ => null,
    };

    private static IReadOnlyList<string> Fill(IReadOnlyList<string> calls, RunTarget target, string kind) => [.. calls.Select(call => Fill(PlannedCalls.In(kind, call), target))];

    private static string Fill(string text, RunTarget target) => (target.Parameters ?? new Dictionary<string, string>()).Concat(target.Facts ?? new Dictionary<string, string>())
        .Aggregate(text, (filled, parameter) => filled.Replace($"{{{parameter.Key}}}", parameter.Value, StringComparison.Ordinal))
        .Replace("{system}", target.System, StringComparison.Ordinal)
        .Replace("{tenant}", target.Tenant, StringComparison.Ordinal)
        .Replace("{instance}", target.Instance, StringComparison.Ordinal)
        .Replace(PlannedCalls.Connection, TaktChatConnection.Parse(target.Instance)?.Id.ToString(CultureInfo.InvariantCulture) ?? target.Instance, StringComparison.Ordinal)
        .Replace("{gateway}", target.Gateway, StringComparison.Ordinal);
}
