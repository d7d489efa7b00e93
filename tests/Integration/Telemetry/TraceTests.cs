using System.Text;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Telemetry;

/// <summary>A real host, a real export, from a gateway's webhook to the call that repairs the instance.</summary>
public sealed class TraceTests : IAsyncLifetime
{
    private const string Token = "token-of-the-scraper-in-tests";

    private TestDatabase _operations = null!;
    private OtlpCollector _collector = null!;
    private HostRig _rig = null!;
    private HostProcess _host = null!;

    public async ValueTask InitializeAsync()
    {
        _collector = await OtlpCollector.StartAsync();
        _operations = await Databases.OperationsAsync();
        _rig = await HostRig.CreateAsync(_operations.ConnectionString, new()
        {
            ScanAfter = TimeSpan.FromMilliseconds(100),
            Policies = new Dictionary<string, string> { ["instance_logged_out"] = "auto" },
            // The test says when.
            Settings = new Dictionary<string, string>(_collector.Settings)
            {
                ["AzureWebJobs.HealthSweep.Disabled"] = "true", ["AzureWebJobs.RemedyDispatcher.Disabled"] = "true", ["MetricsToken"] = Token, ["MetricsSeconds"] = "5",
            },
        });
        await _rig.SeedAsync("acme", "close");
        _host = await _rig.StartHostAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _operations.DisposeAsync();
        await _collector.DisposeAsync();
    }

    [Fact]
    public async Task A_webhook_its_finding_the_run_its_steps_and_their_gateway_calls_are_one_trace()
    {
        await HearAsync();
        await HostRig.InvokeAsync(_host, "HealthSweep");
        await Waiting.UntilAsync(() => _rig.ScalarAsync<bool>("SELECT count(*) = 1 FROM whatsops.findings WHERE kind = 'instance_logged_out'"));
        await HostRig.InvokeAsync(_host, "RemedyDispatcher");
        await Waiting.UntilAsync(() => _rig.ScalarAsync<bool>("SELECT count(*) = 1 FROM whatsops.runs WHERE state = 'completed'"), 60);
        await Waiting.UntilAsync(() => _collector.Spans.Any(span => span.Name == "step verify"));

        var spans = _collector.Spans;
        var webhook = spans.Single(span => span.Name == "webhook receive");
        Assert.Equal(("stored", "connection.update", "acme"), (webhook.Tags["whatsops.answer"], webhook.Tags["whatsops.event"], webhook.Tags["whatsops.tenant"]));
        OtlpSpan[] trace = [.. spans.Where(span => span.Trace == webhook.Trace)];
        var finding = Single("finding instance_logged_out", webhook.Id);
        var run = Single("run reauthenticate", finding.Id);
        var step = trace.Single(span => span.Name == "step check-session");
        Assert.Equal((run.Id, "reauthenticate", "done"), (step.Parent, step.Tags["whatsops.runbook"], step.Tags["whatsops.outcome"]));
        var call = trace.Single(span => span.Parent == step.Id && span.Source == "WhatsOps");
        Assert.Equal(("gateway state", "evo-1", "seen"), (call.Name, call.Tags["whatsops.gateway"], call.Tags["whatsops.outcome"]));
        Assert.Contains(trace, span => span.Name == "gateway connect" && trace.Single(other => other.Id == span.Parent).Name == "step start-pairing");
        // The request under it, told by the runtime: where it went, not what for.
        var request = trace.Single(span => span.Source == "System.Net.Http" && span.Parent == call.Id);
        Assert.Equal(_rig.Gateway.Url.TrimEnd('/'), request.Tags["url.full"]);
        Assert.Contains(trace, span => span.Source == "Npgsql");
        // The sweep that saw it, and the activity that carried the step out, are other traces, and linked.
        Assert.Contains(spans.Single(span => span.Name == "function HealthSweep").Trace, finding.Links);
        Assert.All(trace.Where(span => span.Name.StartsWith("step ", StringComparison.Ordinal)), span => Assert.Single(span.Links));
        // Whoever reads the finding or the run knows what to look for.
        var (_, found) = await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, "api/findings/1");
        var (_, runs) = await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, "api/runbooks");
        Assert.Equal([webhook.Trace, webhook.Trace], [found!["traceId"]!.GetValue<string>(), runs![0]!["traceId"]!.GetValue<string>()]);

        await ScrapeAsync();

        OtlpSpan Single(string name, string parent) => trace.Single(span => span.Name == name && span.Parent == parent);
    }

    private async Task HearAsync()
    {
        var (_, made) = await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Post, "api/tenants/revalya/acme/webhook-secret/rotate");
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/whatsapp/webhook/acme")
        {
            Content = new StringContent(Webhooks.State("revalya-acme", "close", 401, Webhooks.Time(DateTimeOffset.UtcNow)), Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("x-whatsops-secret", made!["secret"]!.GetValue<string>());
        // Whoever sends this does not decide what is traced.
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00");
        using var response = await _host.Client.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
    }

    // On the same host, which takes a second to start.
    private async Task ScrapeAsync()
    {
        Assert.Equal(401, (await GetAsync(null)).Status);
        Assert.Equal(401, (await GetAsync(Token + "x")).Status);
        var page = "";
        await Waiting.UntilAsync(async () => (page = (await GetAsync(Token)).Text).Contains("whatsops_runs_open{", StringComparison.Ordinal));
        Assert.Matches(@"(?m)^whatsops_webhooks_total\{.*answer=""stored"".*\} 1$", page);
        Assert.Matches(@"(?m)^whatsops_sweep_age_seconds\{.*system=""revalya"".*\} [0-9.]+$", page);
        Assert.Matches(@"(?m)^whatsops_sweep_duration_seconds_count\{.*complete=""true"".*\} 1$", page);
        Assert.Matches(@"(?m)^whatsops_gateway_calls_seconds_bucket\{.*operation=""state"".*outcome=""seen"".*le=""0.5"".*\} [1-9]", page);
        Assert.Matches(@"(?m)^whatsops_findings_open\{.*severity=""critical"".*\} 0$", page);
        Assert.Matches(@"(?m)^whatsops_alerts_outbox(\{.*\})? [0-9]+$", page);
        // Neither configured nor allowed: no backups, no products that are owed, no tenants.
        Assert.DoesNotMatch("whatsops_(backup|webhook_lag|tenant)", page);
    }

    private async Task<(int Status, string Text)> GetAsync(string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/metrics");
        if (token is not null) request.Headers.Authorization = new("Bearer", token);
        using var response = await _host.Client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
