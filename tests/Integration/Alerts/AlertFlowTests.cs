using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>From findings in a real database to messages at a real receiver.</summary>
public sealed class AlertFlowTests : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly FakeTimeProvider time = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Mock<IFleet> fleet = new();
    private readonly List<string> logged = [];
    private TestDatabase database = null!;
    private SlackReceiver slack = null!;
    private ServiceProvider services = null!;
    private FindingStore findings = null!;

    public async ValueTask InitializeAsync()
    {
        database = await Databases.OperationsAsync();
        slack = await SlackReceiver.StartAsync();
        fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns(slack.Url);
        Apply(new FleetDocument
        {
            Systems = [new FleetSystem { Name = "revalya", Kind = "evolution" }],
            Alerts = new() { Routes = [new() { Name = "night", Kind = "slack", Url = "${env:SLACK}" }] },
        });
        findings = new FindingStore(database.DataSource, time);
        services = Process();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await slack.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_finding_is_told_once_then_again_after_the_cooldown_then_its_recovery()
    {
        await PassAsync(Sample.Finding());
        await TellAsync();
        await PassAsync(Sample.Finding());
        await TellAsync();
        Assert.Equal("⚠️ WARNING: WhatsApp Integration Alert – instance_missing, tenant acme (revalya)", Assert.Single(slack.Texts));

        time.Advance(TimeSpan.FromMinutes(60));
        await TellAsync();
        Assert.Contains("still open: instance_missing", slack.Texts.Last(), StringComparison.Ordinal);

        await PassAsync();
        await TellAsync();
        Assert.Equal(2, slack.Bodies.Count);
        await PassAsync();
        await TellAsync();
        Assert.Equal("✅ INFO: WhatsApp Integration Alert – recovered: instance_missing, tenant acme (revalya)", slack.Texts.Last());
        Assert.Equal(3, slack.Bodies.Count);
    }

    [Fact]
    public async Task Flapping_within_the_cooldown_is_one_alert_and_one_recovery()
    {
        for (var i = 0; i < 4; i++)
        {
            await PassAsync(Sample.Finding());
            await TellAsync();
            await PassAsync();
            await PassAsync();
            await TellAsync();
        }

        Assert.Equal(2, slack.Bodies.Count);
    }

    [Fact]
    public async Task A_gateway_incident_holds_its_tenants_back_until_it_is_over()
    {
        await findings.RecordAsync(new CheckRun("gateway", "revalya", "g1", true, Tick(), 1),
            [Sample.Finding("gateway_degraded", "gateway", tenant: null, severity: Severity.Critical, remedy: null)], None);
        await PassAsync([.. Enumerable.Range(0, 30).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await TellAsync();
        Assert.StartsWith("🚨 CRITICAL: WhatsApp Integration Alert – gateway_degraded, gateway g1", Assert.Single(slack.Texts), StringComparison.Ordinal);

        // The gateway is back, two tenants are not.
        await findings.RecordAsync(new CheckRun("gateway", "revalya", "g1", true, Tick(), 1), [], None);
        await PassAsync(Sample.Finding(tenant: "t1"), Sample.Finding(tenant: "t2"));
        await PassAsync(Sample.Finding(tenant: "t1"), Sample.Finding(tenant: "t2"));
        time.Advance(TimeSpan.FromMinutes(1));
        await TellAsync();
        Assert.Equal(["gateway_degraded, gateway g1", "instance_missing, tenant t1", "instance_missing, tenant t2", "recovered: gateway_degraded, gateway g1"],
            slack.Texts.Select(text => text.Split(" – ")[1].Replace(" (revalya)", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Many_findings_of_one_sweep_are_one_message()
    {
        await PassAsync([.. Enumerable.Range(0, 17).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await TellAsync();
        Assert.Equal("⚠️ WARNING: WhatsApp Integration Alert – 17 findings (revalya)", Assert.Single(slack.Texts));
    }

    [Fact]
    public async Task A_silence_holds_and_the_alert_comes_when_it_ends()
    {
        await PassAsync(Sample.Finding());
        var finding = Assert.Single(await findings.ListAsync(new FindingQuery(), None));
        await findings.SilenceAsync(finding.Id, "ana", time.GetUtcNow().AddMinutes(30), null, None);
        await TellAsync();
        Assert.Empty(slack.Bodies);

        time.Advance(TimeSpan.FromMinutes(30));
        await TellAsync();
        Assert.Single(slack.Bodies);
    }

    [Fact]
    public async Task A_more_specific_finding_at_the_same_instance_is_no_recovery_of_the_first()
    {
        await PassAsync(Sample.Finding("instance_not_open", severity: Severity.Medium));
        await TellAsync();
        for (var i = 0; i < 2; i++) await PassAsync(Sample.Finding("instance_stuck_connecting"));
        await TellAsync();
        Assert.DoesNotContain(slack.Texts, text => text.Contains("recovered", StringComparison.Ordinal));

        for (var i = 0; i < 2; i++) await PassAsync();
        await TellAsync();
        Assert.Single(slack.Texts, text => text.Contains("recovered: instance_stuck_connecting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rate_limit_is_obeyed_and_nothing_is_lost()
    {
        slack.Answers.Enqueue(-30);
        await PassAsync(Sample.Finding());
        await OnceAsync();
        time.Advance(TimeSpan.FromSeconds(29));
        await OnceAsync();
        Assert.Empty(slack.Bodies);
        time.Advance(TimeSpan.FromSeconds(1));
        await OnceAsync();
        Assert.Single(slack.Bodies);
    }

    [Fact]
    public async Task Failures_back_off_and_the_message_keeps_its_id_until_it_dies()
    {
        foreach (var _ in Enumerable.Range(0, AlertSender.MaxAttempts)) slack.Answers.Enqueue(500);
        await PassAsync(Sample.Finding());
        await OnceAsync();
        time.Advance(TimeSpan.FromSeconds(4));
        await OnceAsync();
        Assert.Equal(1, await CountAsync("SELECT max(attempts) FROM whatsops.alert_outbox"));
        for (var i = 0; i < AlertSender.MaxAttempts; i++)
        {
            time.Advance(TimeSpan.FromMinutes(10));
            await services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, None);
        }

        Assert.Equal(1, await CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE dead_at IS NOT NULL AND last_error = 'HTTP 500'"));
        Assert.Empty(slack.Bodies);
    }

    [Fact]
    public async Task Two_processes_tell_once()
    {
        await using var second = Process();
        await PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => TellAsync(i % 2 == 0 ? services : second)));
        await TellAsync();
        Assert.Equal(3, slack.Bodies.Select(body => body.GetRawText()).Distinct().Count());
        Assert.Equal(3, slack.Bodies.Count);
    }

    [Fact]
    public async Task One_message_a_second_and_no_faster()
    {
        await PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await services.GetRequiredService<AlertPlanner>().PlanAsync(None);
        var sender = services.GetRequiredService<AlertSender>();
        await sender.DrainAsync(TimeSpan.Zero, None);
        await sender.DrainAsync(TimeSpan.Zero, None);
        Assert.Single(slack.Bodies);
        time.Advance(TimeSpan.FromSeconds(1));
        await sender.DrainAsync(TimeSpan.Zero, None);
        Assert.Equal(2, slack.Bodies.Count);
    }

    [Fact]
    public async Task Routes_have_their_own_threshold_and_a_removed_route_loses_its_messages()
    {
        Apply(new FleetDocument
        {
            Systems = [new FleetSystem { Name = "revalya", Kind = "evolution" }],
            Alerts = new()
            {
                Routes = [new() { Name = "night", Kind = "slack", Url = "${env:SLACK}", MinSeverity = Severity.Critical }, new() { Name = "log", Kind = "log", MinSeverity = Severity.Info }],
            },
        });
        await PassAsync(Sample.Finding());
        await TellAsync();
        Assert.Empty(slack.Bodies);
        Assert.Contains(logged, line => line.Contains("ALERT [warning]", StringComparison.Ordinal) && line.Contains("whatsops runbooks reset-integration --system revalya --tenant acme", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_slack_address_is_nowhere_but_on_the_wire()
    {
        foreach (var answer in new[] { 500, -1, 404 }) slack.Answers.Enqueue(answer);
        await PassAsync(Sample.Finding());
        for (var i = 0; i < 4; i++)
        {
            await TellAsync();
            time.Advance(TimeSpan.FromMinutes(10));
        }

        fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("http://127.0.0.1:1/planted-slack-secret");
        await PassAsync(Sample.Finding(), Sample.Finding(tenant: "beta"));
        await TellAsync();
        fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("not a URL planted-slack-secret");
        time.Advance(TimeSpan.FromMinutes(10));
        await TellAsync();

        Assert.NotEmpty(logged);
        Assert.DoesNotContain(logged, line => line.Contains("planted-slack-secret", StringComparison.Ordinal));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM whatsops.alert_outbox o WHERE o::text LIKE '%planted%'"));
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM whatsops.alert_routes o WHERE o::text LIKE '%planted%'"));
    }

    [Fact]
    public async Task What_was_tried_is_said()
    {
        var runs = new Mock<IAttemptedRemedies>();
        runs.Setup(r => r.ForTenantAsync("revalya", "acme", It.IsAny<CancellationToken>())).ReturnsAsync(["reset-integration by ana: failed"]);
        await using var process = Process(runs.Object);
        await PassAsync(Sample.Finding());
        await TellAsync(process);
        Assert.Contains("reset-integration by ana: failed", Assert.Single(slack.Bodies).GetRawText(), StringComparison.Ordinal);
    }

    /// <summary>One attempt, the clock standing still.</summary>
    private async Task OnceAsync()
    {
        await services.GetRequiredService<AlertPlanner>().PlanAsync(None);
        await services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, None);
    }

    private async Task TellAsync(ServiceProvider? process = null)
    {
        await (process ?? services).GetRequiredService<AlertPlanner>().PlanAsync(None);
        // The sender paces itself by the clock; the clock moves while it waits.
        var draining = (process ?? services).GetRequiredService<AlertSender>().DrainAsync(TimeSpan.FromSeconds(5), None);
        while (!draining.IsCompleted)
        {
            await Task.WhenAny(draining, Task.Delay(20));
            if (!draining.IsCompleted) time.Advance(TimeSpan.FromMilliseconds(250));
        }

        await draining;
    }

    private ServiceProvider Process(IAttemptedRemedies? remedies = null)
    {
        var collection = new ServiceCollection()
            .AddSingleton(database.DataSource)
            .AddSingleton<TimeProvider>(time)
            .AddSingleton(fleet.Object)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLogger(logged)))
            .AddAlerts();
        if (remedies is not null) collection.AddSingleton(remedies);
        return collection.BuildServiceProvider();
    }

    private void Apply(FleetDocument document) => fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>()))
        .Returns(new ValueTask<FleetVersion?>(new FleetVersion(1, document, time.GetUtcNow(), "ana")));

    private Task PassAsync(params ObservedFinding[] seen) => findings.RecordAsync(new CheckRun("instances", "revalya", "g1", true, Tick(), 2), seen, None);

    private DateTimeOffset Tick()
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        return time.GetUtcNow();
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), System.Globalization.CultureInfo.InvariantCulture);
    }
}
