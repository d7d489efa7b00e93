using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>Asking for a run, or only for its plan.</summary>
internal static class RunRequests
{
    public static async Task AskAsync(ApiClient client, string runbook, object body, bool dryRun, CancellationToken cancellation)
    {
        var path = $"api/runbooks/{Uri.EscapeDataString(runbook)}";
        if (dryRun)
        {
            var planned = await client.PostAsync<PlannedView>($"{path}?dryRun=true", body, cancellation);
            RunViews.PrintPlan(planned.Plan, planned.PlanHash);
            Terminal.Line("Nothing was done.");
            return;
        }

        var run = await client.PostAsync<RunView>(path, body, cancellation);
        await PrintPlanAsync(client, run, cancellation);
        RunViews.PrintRun(run);
    }

    public static async Task PrintPlanAsync(ApiClient client, RunView run, CancellationToken cancellation)
    {
        var planned = await client.GetAsync<PlannedView>($"api/runbooks/{run.Id}/plan", cancellation);
        RunViews.PrintPlan(planned.Plan, planned.PlanHash);
    }
}
