using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Up;

/// <summary>
/// The fleet repaired to green: sweeps find, policies start what costs nothing, a second person says yes to the rest, phones scan where a pairing is
/// needed, and sweeps prove it. The timers would do the same over an hour; here each is called as soon as the one before it is done.
/// </summary>
internal sealed class Autopilot(ApiClient requester, ApiClient approver, string url, string masterKey, IReadOnlyList<SimulatedGateway> gateways, Progress progress)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    // WhatsApp Agent shuts out who asks a hundred times in a minute, and a look at it is seven questions.
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(6);

    private readonly Dictionary<Guid, string> _told = [];
    private readonly PairingRequests _pairings = new(requester);
    private long? _looked;

    /// <summary>What has run by now is not told again. Called before policies let anything begin: their timer may be faster than what comes between.</summary>
    public async Task RememberAsync(CancellationToken cancellation)
    {
        foreach (var run in await RunsAsync("", cancellation)) _told[run.Id] = run.State;
    }

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Limit);
        IReadOnlyList<FindingView> open = [];
        try
        {
            var sick = OtherSystems.Names;
            while ((open = await SweepAsync(sick, limit.Token)).Count > 0)
            {
                sick = [.. open.Select(finding => finding.System).Intersect(OtherSystems.Names)];
                await AskForPairingsAsync(open, limit.Token);
                await InvokeAsync("RemedyDispatcher", limit.Token);
                while (await FollowAsync(limit.Token)) await Task.Delay(300, limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            FindingViews.Print(open);
            throw new CliProblem($"After {Limit.TotalMinutes:0} minutes the fleet is not green: {open.Count} findings are left.", "./whatsops runbooks, and the log of the host");
        }

        var system = (await requester.ListAsync<JsonNode>(HttpMethod.Get, "api/systems", cancellation)).Single(one => one["name"]!.GetValue<string>() == SimulatedFleet.System);
        progress.Say($"Green: no finding is left; {system["openInstances"]} of {system["knownInstances"]} instances are open");
    }

    private async Task<IReadOnlyList<FindingView>> SweepAsync(IEnumerable<string> watched, CancellationToken cancellation)
    {
        var isTime = _looked is not { } last || Stopwatch.GetElapsedTime(last) >= BetweenLooks;
        if (isTime) _looked = Stopwatch.GetTimestamp();
        await Task.WhenAll(Sweeps.RunAsync(requester, cancellation), FirstLook.LookAsync(requester, isTime ? watched : [], cancellation));
        var findings = await requester.ListAsync<FindingView>(HttpMethod.Get, "api/findings", cancellation);
        progress.Say($"A sweep sees {findings.Count} open findings");
        return findings;
    }

    private async Task AskForPairingsAsync(IReadOnlyList<FindingView> open, CancellationToken cancellation)
    {
        foreach (var finding in open.Where(finding => finding is { Kind: "instance_not_open", Remedy: null, Tenant: not null }))
            if (await ShowsQrAsync(finding.Gateway, finding.Instance, cancellation)) await _pairings.AskAsync(finding.System, finding.Tenant!, cancellation);
    }

    /// <summary>Says what has become of the runs, says yes where one waits, scans where one asks; true while any is open.</summary>
    private async Task<bool> FollowAsync(CancellationToken cancellation)
    {
        foreach (var run in await RunsAsync("", cancellation)) Tell(run);
        var open = await RunsAsync("&open=true", cancellation);
        foreach (var run in open.Where(run => run.State == "waiting_approval"))
            await ApproveAsync(run, cancellation);
        foreach (var run in open.Where(run => run.State == "waiting_person"))
            if (await ShowsQrAsync(run.Gateway, run.Instance, cancellation))
                await gateways.Single(gateway => gateway.Name == run.Gateway).ControlAsync($"scan?instance={run.Instance}", null, cancellation);
        return open.Count > 0;
    }

    private async Task ApproveAsync(RunView run, CancellationToken cancellation)
    {
        try
        {
            await approver.PostAsync<JsonNode>($"api/runbooks/{run.Id}/approve", new { planHash = run.PlanHash }, cancellation);
        }
        catch (CliProblem refused) when (refused.Status == HttpStatusCode.Conflict)
        {
            // Its finding has closed meanwhile, and the host ends such a run by itself. One that stays is among the findings when the time is over.
        }
    }

    private void Tell(RunView run)
    {
        var before = _told.GetValueOrDefault(run.Id);
        _told[run.Id] = run.State;
        if (before != run.State && (run.Final || run.State is "waiting_approval" or "waiting_person"))
            progress.Say($"  {RunViews.Say(run.State),-16} {run.Runbook} of {(run.Tenant == "*" ? run.Gateway : run.Tenant)}{(run.Failure is null ? "" : $": {run.Failure}")}");
    }

    private async Task<bool> ShowsQrAsync(string? gateway, string? instance, CancellationToken cancellation) =>
        gateways.FirstOrDefault(one => one.Name == gateway) is { } shown && (await shown.ReadAsync("instances", cancellation)).AsArray()
            .Any(row => row!["name"]!.GetValue<string>() == instance && row["showsQr"]!.GetValue<bool>());

    private Task<IReadOnlyList<RunView>> RunsAsync(string more, CancellationToken cancellation) =>
        requester.ListAsync<RunView>(HttpMethod.Get, $"api/runbooks?limit=200{more}", cancellation);

    private async Task InvokeAsync(string function, CancellationToken cancellation)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{url}/admin/functions/{function}") { Content = new StringContent("{}", new MediaTypeHeaderValue("application/json")) };
        request.Headers.Add("x-functions-key", masterKey);
        using var response = await http.SendAsync(request, cancellation);
        if (!response.IsSuccessStatusCode) throw new CliProblem($"{function} could not be invoked: {(int)response.StatusCode}.", "look at the host's log");
    }
}
