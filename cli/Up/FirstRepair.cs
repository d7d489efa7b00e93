using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>The reset of one broken tenant: the plan, the second person's yes, the steps as they happen, and the proof.</summary>
internal sealed class FirstRepair(ApiClient requester, ApiClient approver, SimulatedGateway gateway, Progress progress)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var body = new { system = SimulatedFleet.System, tenant = SimulatedFleet.ResetTenant, reason = "its phone removed the linked device" };
        var run = await requester.PostAsync<RunView>("api/runbooks/reset-integration", body, cancellation);
        var planned = await requester.GetAsync<PlannedView>($"api/runbooks/{run.Id}/plan", cancellation);
        RunViews.PrintPlan(planned.Plan, planned.PlanHash);
        progress.Say($"{LocalOperators.Requester} asked for it; run {run.Id} is {RunViews.Say(run.State)}");
        await approver.PostAsync<JsonNode>($"api/runbooks/{run.Id}/approve", new { planHash = planned.PlanHash }, cancellation);
        progress.Say($"{LocalOperators.Approver} said yes to exactly this plan");
        run = await FollowAsync(run, cancellation);
        if (run.State != "completed")
            throw new CliProblem($"The reset ended as {RunViews.Say(run.State)}: {run.Failure ?? run.Detail}", $"./whatsops runbooks show {run.Id}, and the log of the host");
        await ProveAsync(run, cancellation);
    }

    private async Task<RunView> FollowAsync(RunView run, CancellationToken cancellation)
    {
        var told = new HashSet<string>();
        var scanned = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        try
        {
            while (!run.Final)
            {
                run = await requester.GetAsync<RunView>($"api/runbooks/{run.Id}", limit.Token);
                foreach (var step in run.Steps) Tell(step, told);
                if (run.State == "waiting_person" && !scanned) scanned = await ScanAsync(run, limit.Token);
                if (!run.Final) await Task.Delay(200, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new CliProblem($"The reset did not end within {Limit.TotalSeconds:0} seconds; it is {RunViews.Say(run.State)}.", $"./whatsops runbooks show {run.Id}");
        }

        return run;
    }

    private async Task<bool> ScanAsync(RunView run, CancellationToken cancellation)
    {
        var instances = await gateway.ReadAsync("instances", cancellation);
        var shown = instances.AsArray().Any(instance =>
            instance!["name"]!.GetValue<string>() == run.Instance && instance["showsQr"]!.GetValue<bool>());
        if (!shown) return false;
        progress.Say("  The run waits for a person to scan the QR code (./whatsops runbooks qr shows it); the simulated phone scans it now");
        await gateway.ControlAsync($"scan?instance={run.Instance}", null, cancellation);
        return true;
    }

    private async Task ProveAsync(RunView run, CancellationToken cancellation)
    {
        var name = run.Instance;
        var instance = (await gateway.ReadAsync("instances", cancellation)).AsArray().Single(row => row!["name"]!.GetValue<string>() == name)!;
        var state = instance["state"]!.GetValue<string>();
        var webhook = instance["webhookEnabled"]!.GetValue<bool>();
        progress.Say($"Proof: the gateway says {name} is {state}, its webhook is {(webhook ? "enabled" : "off")} and goes to {instance["webhookUrl"]}");
        if (state != "open" || !webhook) throw new CliProblem($"The reset of {name} says completed, but the gateway says otherwise.", "this is a bug: the host's log has the calls");
        progress.Say($"Evidence: blob {run.Evidence}");
        await WatchFindingAsync(cancellation);
    }

    // Two good observations close a finding; the timer makes them every 5 minutes, we make them now.
    private async Task WatchFindingAsync(CancellationToken cancellation)
    {
        for (var sweep = 1; sweep <= 2; sweep++) await Sweeps.RunAsync(requester, cancellation);
        var open = await requester.ListAsync<FindingView>(
            HttpMethod.Get, new Query("api/findings").Add("tenant", SimulatedFleet.ResetTenant).ToString(), cancellation);
        if (open.Count > 0)
            throw new CliProblem($"The finding of {SimulatedFleet.ResetTenant} is still open: {open[0].Cause}", $"./whatsops findings show {open[0].Id}");
        progress.Say("Two more sweeps saw it well: the finding is closed");
    }

    private void Tell(RunStepView step, HashSet<string> told)
    {
        if (step.EndedAt is not null && told.Add(step.Path)) progress.Say($"  {RunViews.Say(step.Status),-5} {step.Title}{Detail(step.Detail)}");
        if (step.UndoStatus is "done" or "failed" && told.Add($"{step.Path}/undo")) progress.Say($"  taken back ({step.UndoStatus}): {step.Undo}{Detail(step.UndoDetail)}");
    }

    private static string Detail(string? detail) => detail is null ? "" : $": {detail}";
}
