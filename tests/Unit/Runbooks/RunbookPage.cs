using System.Text;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

/// <summary>The manual's page of a runbook, written from its declaration.</summary>
internal static class RunbookPage
{
    public static string Of(Runbook runbook)
    {
        var plan = Planner.Plan(runbook, new("{system}", "{tenant}", "{instance}", "{gateway}", null));
        var page = new StringBuilder();
        page.Append($"# {runbook.Name} (v{runbook.Version})\n\n{runbook.Summary}\n\n");
        page.Append("Written from the declaration by a test; how runs live is in [runbooks.md](../runbooks.md).\n\n");
        page.Append(plan.Destructive ? "Destructive: needs an approver who did not ask for it.\n" : "Not destructive: an operator may start it.\n");
        page.Append(plan.PointOfNoReturn is { } point ? $"Point of no return: `{point}`. Before it a cancel takes everything back; after it the run finishes forward.\n\n" : "It can be cancelled at any time.\n\n");
        if (runbook.Scope == RunbookScope.Gateway) page.Append("About a whole gateway: give `--gateway` instead of `--tenant`.\n\n");
        if (runbook.Scope == RunbookScope.System) page.Append("About a whole system: give neither `--tenant` nor `--gateway`.\n\n");
        foreach (var parameter in runbook.Parameters)
            page.Append($"Parameter `{parameter.Name}`{(parameter.Required ? "" : " (may be left out)")}: {parameter.Description}.{(parameter.Secret ? " The plan shows it masked; the run keeps it encrypted until it has ended." : "")}\n\n");
        page.Append("| Step | What | Effect | Calls | Taken back by |\n|---|---|---|---|---|\n");
        foreach (var step in plan.Steps)
            page.Append($"| `{step.Path}` | {step.Title}{(step.Limit is null ? "" : $" ({step.Limit})")} | {Word(step.Effect)} | {Calls(step.Calls)} | {(step.Undo is null ? "" : $"{step.Undo}: {Calls(step.UndoCalls)}")} |\n");
        return page.ToString();
    }

    private static string Calls(IReadOnlyList<string> calls) => string.Join("<br>", calls.Select(call => $"`{call}`"));

    private static string Word(Effect effect) => effect switch
    {
        Effect.Reads => "none",
        Effect.Reversible => "reversible",
        Effect.NeedsPairing => "needs re-pairing",
        _ => "irreversible",
    };
}
