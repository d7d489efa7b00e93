using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>How messages get out: once, slowly enough, again after failures, and without their address.</summary>
public sealed class AlertSendingTests : IAsyncLifetime
{
    private AlertRig rig = null!;

    public async ValueTask InitializeAsync() => rig = await AlertRig.StartAsync();

    public ValueTask DisposeAsync() => rig.DisposeAsync();

    [Fact]
    public async Task A_rate_limit_is_obeyed_and_nothing_is_lost()
    {
        rig.Slack.Answers.Enqueue(-30);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(29));
        await rig.OnceAsync();
        Assert.Empty(rig.Slack.Bodies);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await rig.OnceAsync();
        Assert.Single(rig.Slack.Bodies);
    }

    [Fact]
    public async Task Failures_back_off_and_the_message_keeps_its_id_until_it_dies()
    {
        foreach (var _ in Enumerable.Range(0, AlertSender.MaxAttempts)) rig.Slack.Answers.Enqueue(500);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(4));
        await rig.OnceAsync();
        Assert.Equal(1, await rig.CountAsync("SELECT max(attempts) FROM whatsops.alert_outbox"));
        for (var i = 0; i < AlertSender.MaxAttempts; i++)
        {
            rig.Time.Advance(TimeSpan.FromMinutes(10));
            await rig.Services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
        }

        Assert.Equal(1, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE dead_at IS NOT NULL AND last_error = 'HTTP 500'"));
        Assert.Empty(rig.Slack.Bodies);
    }

    [Fact]
    public async Task Two_processes_tell_once()
    {
        await using var second = rig.Process();
        await rig.PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => rig.TellAsync(i % 2 == 0 ? rig.Services : second)));
        await rig.TellAsync();
        Assert.Equal(3, rig.Slack.Bodies.Select(body => body.GetRawText()).Distinct().Count());
        Assert.Equal(3, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task One_message_a_second_and_no_faster()
    {
        await rig.PassAsync([.. Enumerable.Range(0, 3).Select(i => Sample.Finding(tenant: $"t{i}"))]);
        await rig.Services.GetRequiredService<AlertPlanner>().PlanAsync(CancellationToken.None);
        var sender = rig.Services.GetRequiredService<AlertSender>();
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Single(rig.Slack.Bodies);
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        await sender.DrainAsync(TimeSpan.Zero, CancellationToken.None);
        Assert.Equal(2, rig.Slack.Bodies.Count);
    }

    [Fact]
    public async Task The_slack_address_is_nowhere_but_on_the_wire()
    {
        foreach (var answer in new[] { 500, -1, 404 }) rig.Slack.Answers.Enqueue(answer);
        await rig.PassAsync(Sample.Finding());
        for (var i = 0; i < 4; i++)
        {
            await rig.TellAsync();
            rig.Time.Advance(TimeSpan.FromMinutes(10));
        }

        rig.Fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("http://127.0.0.1:1/planted-slack-secret");
        await rig.PassAsync(Sample.Finding(), Sample.Finding(tenant: "beta"));
        await rig.TellAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns("not a URL planted-slack-secret");
        rig.Time.Advance(TimeSpan.FromMinutes(10));
        await rig.TellAsync();

        Assert.NotEmpty(rig.Logged);
        Assert.DoesNotContain(rig.Logged, line => line.Contains("planted-slack-secret", StringComparison.Ordinal));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox o WHERE o::text LIKE '%planted%'"));
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_routes o WHERE o::text LIKE '%planted%'"));
    }
}
