using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Findings;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>A route that delivers nothing: its messages go to the fallback, and a finding tells of it until one arrives.</summary>
public sealed class DeadRouteTests : IAsyncLifetime
{
    private AlertRig rig = null!;
    private SlackReceiver second = null!;
    private int attempts;

    public async ValueTask InitializeAsync()
    {
        rig = await AlertRig.StartAsync();
        second = await SlackReceiver.StartAsync();
        rig.Fleet.Setup(f => f.Resolve("${env:SECOND}")).Returns(second.Url);
        rig.Apply(new AlertSettings
        {
            CooldownMinutes = 600,
            // The second one is for the fallback and what concerns the alerts themselves.
            Routes = [AlertRig.Night with { Fallback = "second" }, new() { Name = "second", Kind = "slack", Url = "${env:SECOND}", Match = new() { Systems = ["whatsops"] }, Language = Language.BrazilianPortuguese }],
        });
    }

    public async ValueTask DisposeAsync()
    {
        await rig.DisposeAsync();
        await second.DisposeAsync();
    }

    [Fact]
    public async Task After_five_failures_and_not_four_the_message_goes_to_the_fallback_too()
    {
        Break(6);
        await rig.PassAsync(Sample.Finding());
        await AttemptsAsync(4);
        Assert.Empty(await OpenAsync());
        Assert.Equal(0, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE route = 'second'"));

        await AttemptsAsync(1);
        var finding = Assert.Single(await OpenAsync());
        Assert.Equal((Severity.High, "night", "HTTP 500", "5"), (finding.Severity, finding.Instance, finding.Evidence["error"], finding.Evidence["attempts"]));
        await rig.OnceAsync();
        await SecondsAsync();
        Assert.Equal(
            "⚠️ WARNING: WhatsApp Integration Alert – instance_missing, tenant acme (revalya) – enviado aqui porque a rota night falha (HTTP 500)",
            second.Texts.Single(text => text.Contains("instance_missing", StringComparison.Ordinal)));
        Assert.Single(second.Texts, text => text.Contains("alert_route_dead", StringComparison.Ordinal));

        // The route comes back: it gets its message, too, and the finding closes.
        rig.Time.Advance(TimeSpan.FromMinutes(3));
        await rig.OnceAsync();
        Assert.Single(rig.Slack.Bodies);
        await SecondsAsync();
        Assert.Empty(await OpenAsync());
        Assert.Single(second.Texts, text => text.Contains("recuperado: alert_route_dead", StringComparison.Ordinal));
        Assert.DoesNotContain(rig.Slack.Texts, text => text.Contains("alert_route_dead", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(599, 0)]
    [InlineData(600, 1)]
    public async Task A_route_that_asks_for_patience_is_dead_after_ten_minutes(int seconds, int findings)
    {
        rig.Slack.Answers.Enqueue(-3600);
        await rig.PassAsync(Sample.Finding());
        await rig.OnceAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(seconds));
        await rig.OnceAsync();
        Assert.Equal(findings, (await OpenAsync()).Count);
        Assert.Equal(findings, await rig.CountAsync("SELECT count(*) FROM whatsops.alert_outbox WHERE message ->> 'note' LIKE '%(HTTP 429)'"));
    }

    [Fact]
    public async Task Everything_behind_the_failing_message_goes_along_once_and_in_order()
    {
        Break(20);
        foreach (var tenant in new[] { "acme", "beta", "gama" })
        {
            await rig.PassAsync(Sample.Finding(tenant: tenant), Sample.Finding());
            await rig.OnceAsync();
        }

        await AttemptsAsync(6);
        await SecondsAsync();
        Assert.Equal(["acme", "beta", "gama"], second.Texts.Where(text => text.Contains("instance_missing", StringComparison.Ordinal)).Select(text => text.Split("cliente ")[^1].Split("tenant ")[^1].Split(' ')[0]));
    }

    [Fact]
    public async Task A_message_that_is_given_up_is_in_the_finding_and_in_the_history_of_what_it_was_about()
    {
        rig.Apply(new AlertSettings { CooldownMinutes = 6000, Routes = [AlertRig.Night] });
        Break(AlertSender.MaxAttempts);
        await rig.PassAsync(Sample.Finding());
        await AttemptsAsync(AlertSender.MaxAttempts);
        var finding = Assert.Single(await OpenAsync());
        Assert.Equal("1", finding.Evidence["given_up"]);
        Assert.Contains("1 given up: whoever they were for was not told.", finding.Cause, StringComparison.Ordinal);
        var lost = (await rig.Findings.ListAsync(new FindingQuery("revalya"), CancellationToken.None)).Single();
        Assert.Equal(("not_told", "night: HTTP 500, given up"), (await rig.Findings.HistoryAsync(lost.Id, CancellationToken.None)).Select(change => (change.Change, change.Reason)).Last());
    }

    [Fact]
    public async Task A_route_that_leaves_the_fleet_is_not_dead_any_more()
    {
        Break(5);
        await rig.PassAsync(Sample.Finding());
        await AttemptsAsync(5);
        Assert.Single(await OpenAsync());
        rig.Apply(new AlertSettings { Routes = [new() { Name = "log", Kind = "log" }] });
        await AttemptsAsync(2);
        Assert.Empty(await OpenAsync());
    }

    private void Break(int times)
    {
        foreach (var _ in Enumerable.Range(0, times)) rig.Slack.Answers.Enqueue(500);
    }

    // Each at the end of the sender's wait, so that it is really made.
    private async Task AttemptsAsync(int count)
    {
        for (var i = 0; i < count; i++)
        {
            await rig.OnceAsync();
            rig.Time.Advance(TimeSpan.FromSeconds(Math.Min(5 * Math.Pow(2, attempts++), 600)));
        }
    }

    private async Task SecondsAsync()
    {
        for (var i = 0; i < 6; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(1));
            await rig.Services.GetRequiredService<AlertPlanner>().PlanAsync(CancellationToken.None);
            await rig.Services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
        }
    }

    private Task<IReadOnlyList<Finding>> OpenAsync() => rig.Findings.ListAsync(new FindingQuery(Kind: DeadRoutes.Kind), CancellationToken.None);
}
