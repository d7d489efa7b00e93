using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Output;

/// <summary>Plans and runs, as an operator reads them before saying yes and while it happens.</summary>
internal static class RunViews
{
    public static void PrintPlan(PlanView plan, string? hash)
    {
        Terminal.Line($"Plan: {plan.Runbook} v{plan.Version} of {plan.Target.System}/{plan.Target.Tenant}, instance {plan.Target.Instance} on {plan.Target.Gateway}");
        foreach (var (name, value) in plan.Target.Parameters ?? new Dictionary<string, string>()) Terminal.Line($"  {name}: {value}");
        Terminal.Table(["step", "effect", "calls", "taken back by"], plan.Steps.Select(step => (string[])
        [
            step.Limit is null ? step.Title : $"{step.Title} ({step.Limit})",
            step.PointOfNoReturn ? $"{Effect(step)}: point of no return" : Effect(step),
            string.Join('\n', step.Calls),
            step.Undo ?? "",
        ]));
        if (hash is not null) Terminal.Line($"An approval is bound to this plan's hash, {hash[..12]}…");
    }

    public static void PrintRun(RunView run)
    {
        Terminal.Line($"Run {run.Id}: {run.Runbook} of {run.System}/{run.Tenant} is {Say(run.State)}");
        Terminal.Line($"  asked by {run.RequestedBy}{(run.Reason is null ? "" : $" ({run.Reason})")}{(run.ApprovedBy is null ? "" : $", approved by {run.ApprovedBy}")}");
        if (run.Detail is not null) Terminal.Line($"  {run.Detail}");
        if (run.Failure is not null) Terminal.Line($"  failed: {run.Failure}");
        if (run.Evidence is not null) Terminal.Line($"  evidence: {run.Evidence}");
        if (run.Steps.Any(step => step.Status != "pending"))
            Terminal.Table(["step", "status", "attempts", "ended", "detail"], run.Steps.Select(step => (string[])
                [step.Title, Status(step), $"{step.Attempts}", Terminal.Time(step.EndedAt), step.UndoDetail ?? step.Detail ?? ""]));
        if (run.NextCommand is not null) Terminal.Line($"Next: {run.NextCommand}{(run.State == "waiting_approval" ? "   (by another operator)" : "")}");
    }

    public static void PrintRuns(IReadOnlyList<RunView> runs)
    {
        if (runs.Count == 0)
        {
            Terminal.Line("No runs.");
            return;
        }

        Terminal.Table(["run", "runbook", "tenant", "state", "asked by", "created", "next"], runs.Select(run => (string[])
            [$"{run.Id}", run.Runbook, $"{run.System}/{run.Tenant}", Say(run.State), run.RequestedBy ?? "", Terminal.Time(run.CreatedAt), run.NextCommand ?? ""]));
    }

    public static string Say(string word) => word.Replace('_', ' ');

    private static string Status(RunStepView step) => step.UndoStatus is null ? Say(step.Status) : $"taken back: {Say(step.UndoStatus)}";

    private static string Effect(PlanStepView step) => step.Effect == "needs_pairing" ? "needs re-pairing" : step.Effect;
}
