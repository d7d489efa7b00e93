using WhatsOps.Audits;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Audits;

/// <summary>Optional endpoints of products that have no gateways, or gateways that tell nothing of them.</summary>
public sealed class ProductEndpointTests : IAsyncLifetime
{
    private AuditWorld world = null!;

    public async ValueTask InitializeAsync() => world = await AuditWorld.StartAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-422")]
    public async Task An_agent_without_a_tenant_directory_is_asked_once_for_each_and_what_its_manual_promises_is_absent()
    {
        await using var agent = await AgentSimulator.StartAsync();
        Watch("agent", Target("health", agent.Url + "/health/detailed", HttpShape.AgentHealth), Target("webhook", agent.Url + "/webhook/status", HttpShape.AgentWebhook));
        Assert.Equal(
            [
                "absent system_status", "absent business_metrics", "absent performance_metrics", "absent current_performance", "absent active_alerts", "absent metrics",
            ],
            await StatusesAsync());
        Assert.Equal(6, agent.Calls.Count);
        Assert.All(agent.Calls, call => Assert.StartsWith("GET ", call, StringComparison.Ordinal));
        Assert.Empty(await world.OpenAsync());

        // The port of the app itself wants a token for what does not exist, and sends plain HTTP elsewhere.
        await using var app = await AgentSimulator.StartAsync(new() { IsBehindNginx = false });
        Watch("agent", Target("health", app.Url + "/health/detailed", HttpShape.AgentHealth));
        var outcome = await world.RunAsync("capabilities");
        Assert.False(outcome.Complete);
        Assert.DoesNotContain(Report(outcome).Rows, row => row.Status is "available" or "absent");
    }

    [Theory]
    [Capability("R-422")]
    [InlineData(200, "available")]
    [InlineData(401, "unauthorized")]
    [InlineData(403, "unauthorized")]
    [InlineData(404, "absent")]
    [InlineData(500, "unknown")]
    public async Task TaktChats_queue_board_is_there_guarded_or_absent_and_a_failure_is_none_of_these(int status, string expected)
    {
        await using var takt = await TaktChatSimulator.StartAsync();
        takt.SetFault(new Fault { Kind = FaultKind.Status, Status = status, Path = "/admin/queues" });
        Watch("taktchat", Target("health", takt.Url + "/health", HttpShape.TaktChatHealth), Target("version", takt.Url + "/version", HttpShape.TaktChatVersion));
        Assert.Equal(["available health", "available version", expected + " queue_board"], await StatusesAsync());
    }

    [Fact]
    [Capability("R-422")]
    public async Task What_goes_is_a_finding_for_as_long_as_it_is_missed_and_what_comes_is_said()
    {
        await using var bot = await BotSimulator.StartAsync(new() { HasRateLimit = false });
        Watch("bot", Target("health", bot.Url + "/monitoring/health", HttpShape.BotHealth));
        var gone = bot.SetFault(new Fault { Kind = FaultKind.Status, Status = 404, Path = "/monitoring/stats/24h" });
        Assert.Equal(["available monitoring_health", "available monitoring_stats", "absent monitoring_stats_24h", "available admin"], await StatusesAsync());
        Assert.Empty(await world.OpenAsync());

        bot.ClearFaults(gone);
        Assert.Contains("New: monitoring_stats_24h (GET /monitoring/stats/24h) at http/health (available).", (await SaveAsync()).Summary, StringComparison.Ordinal);
        bot.SetFault(new Fault { Kind = FaultKind.Status, Status = 404, Path = "/monitoring/stats/24h" });
        for (var day = 0; day < 2; day++)
        {
            Assert.Contains("1 gone.", (await SaveAsync()).Summary, StringComparison.Ordinal);
            var finding = Assert.Single(await world.OpenAsync());
            Assert.Equal(("capability_missing", "available", "absent"), (finding.Kind, finding.Evidence["before"], finding.Evidence["status"]));
        }

        bot.ClearFaults();
        Assert.DoesNotContain("New:", (await SaveAsync()).Summary, StringComparison.Ordinal);
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public async Task A_product_that_does_not_answer_is_not_seen_and_one_whose_address_says_nothing_is_not_guessed()
    {
        Watch("bot", Target("health", "http://127.0.0.1:1/monitoring/health", HttpShape.BotHealth), Target("odd", "http://127.0.0.1:1/alive", HttpShape.BotHealth), Target("other", "http://127.0.0.1:1/metrics", HttpShape.Status));
        var outcome = await world.RunAsync("capabilities");
        Assert.False(outcome.Complete);
        Assert.Equal(4, Report(outcome).Rows.Count);
        Assert.All(Report(outcome).Rows, row => Assert.Equal("unknown", row.Status));
        Assert.Empty(await world.OpenAsync());
    }

    [Fact]
    public void It_applies_to_whatever_can_be_asked()
    {
        var audit = world.GetAll<IRoutine>().Single(routine => routine.Name == "capabilities");
        FleetSystem system = new() { Name = "x", Kind = "agent" };
        Assert.False(audit.AppliesTo(system));
        Assert.False(audit.AppliesTo(system with { Watch = new() { Http = [Target("page", "https://x.example.com", HttpShape.Status)] } }));
        Assert.True(audit.AppliesTo(system with { Watch = new() { Http = [Target("health", "https://x.example.com/health/detailed", HttpShape.AgentHealth)] } }));
        Assert.True(audit.AppliesTo(new() { Name = "x", Kind = "taktchat", Gateways = [new() { Name = "g", Url = "https://x.example.com" }] }));
    }

    private static HttpTarget Target(string name, string url, HttpShape shape) => new() { Name = name, Url = url, Shape = shape };

    private static AuditReport Report(RoutineOutcome outcome) => Assert.IsType<AuditReport>(outcome.Report);

    private void Watch(string kind, params HttpTarget[] targets) => world.Fleet = new() { Name = kind, Kind = kind, Watch = new() { Http = targets } };

    private async Task<string[]> StatusesAsync() => [.. Report(await SaveAsync()).Rows.Select(row => $"{row.Status} {row.Detail.Split(' ')[0]}")];

    // As the routines' runner does it.
    private async Task<RoutineOutcome> SaveAsync()
    {
        var outcome = await world.RunAsync("capabilities");
        var at = world.Time.GetUtcNow();
        await world.Get<RoutineStore>().SaveAsync(
            new(Guid.NewGuid(), world.Fleet.Name, "capabilities", at, null, at, at, outcome.Complete ? "done" : "incomplete", outcome.Summary, RoutineStore.Json(outcome.Report)), CancellationToken.None);
        return outcome;
    }
}
