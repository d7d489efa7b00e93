using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Output;

/// <summary>Plans and runs, as an operator reads them before saying yes and while it happens.</summary>
internal static class RunViews
{
    public static void PrintPlan(PlanView plan, string? hash)
    {
        Terminal.Line($"Plan: {plan.Runbook} v{plan.Version} of {plan.Target.System}/{plan.Target.Tenant}, instance {plan.Target.Instance} on {plan.Target.Gateway}");
        Terminal.Table(["step", "what", "effect", "calls", "taken back by"], plan.Steps.Select(step => (string[])
        [
            step.Path,
            step.Limit is null ? step.Title : $"{step.Title} ({step.Limit})",
            step.PointOfNoReturn ? $"{Effect(step)} (point of no return)" : Effect(step),
            string.Join('\n', step.Calls),
            step.Undo ?? "",
        ]));
        if (hash is not null) Terminal.Line($"Plan hash {hash}; an approval is bound to it.");
    }

    public static void PrintRun(RunView run)
    {
        Terminal.Line($"Run {run.Id}: {run.Plan.Runbook} of {run.Plan.Target.System}/{run.Plan.Target.Tenant} is {Say(run.State)}");
        Terminal.Line($"  asked by {run.RequestedBy}{(run.Reason is null ? "" : $" ({run.Reason})")}{(run.ApprovedBy is null ? "" : $", approved by {run.ApprovedBy}")}");
        if (run.Detail is not null) Terminal.Line($"  {run.Detail}");
        if (run.Failure is not null) Terminal.Line($"  failed: {run.Failure}");
        if (run.Evidence is not null) Terminal.Line($"  evidence: {run.Evidence}");
        if (run.Steps is not { Count: > 0 } steps) return;
        Terminal.Table(["step", "status", "attempts", "ended", "detail"], steps.Select(step => (string[])
            [Name(step), Say(step.Status), $"{step.Attempts}", Terminal.Time(step.EndedAt), step.Detail ?? ""]));
    }

    public static void PrintRuns(IReadOnlyList<RunView> runs)
    {
        if (runs.Count == 0)
        {
            Terminal.Line("No runs.");
            return;
        }

        Terminal.Table(["run", "runbook", "tenant", "state", "asked by", "created"], runs.Select(run => (string[])
            [$"{run.Id}", run.Plan.Runbook, $"{run.Plan.Target.System}/{run.Plan.Target.Tenant}", Say(run.State), run.RequestedBy ?? "", Terminal.Time(run.CreatedAt)]));
    }

    public static string Name(RunStepView step) => step.Phase == "compensate" ? $"{step.Step} (taken back)" : step.Step;

    public static string Say(string word) => word.Replace('_', ' ');

    private static string Effect(PlanStepView step) => step.Effect == "needs_pairing" ? "needs re-pairing" : step.Effect;
}
