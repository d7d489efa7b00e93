using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Console;
using WhatsOps.Containers;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Integration.Embedded;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A real Alertmanager notifies the function in its host; what fires is a finding until it is resolved.</summary>
public sealed class AlertmanagerTests : IAsyncLifetime
{
    private const string Token = "token-of-main-0123456789";
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private TestDatabase operations = null!;
    private TestFunctionHost host = null!;

    public async ValueTask InitializeAsync()
    {
        operations = await Databases.OperationsAsync();
        var fleet = new FleetDocument
        {
            Systems =
            [
                new() { Name = "shop", Kind = "bot", Watch = new() { Alertmanager = [new() { Name = "main", Token = "${env:ALERT_TOKEN}", Watchdog = "Watchdog", EverySeconds = 30 }] } },
                new() { Name = "clinic", Kind = "bot", Watch = new() { Alertmanager = [new() { Name = "main", Token = "${env:OTHER_TOKEN}" }] } },
            ],
        };
        await new FleetStore(operations.DataSource, TimeProvider.System, NullLogger<FleetStore>.Instance).AddAsync(fleet, System.Text.Json.JsonSerializer.Serialize(fleet, FleetJson.Options), "ana", "", onlyFirst: true, CancellationToken.None);
        var builder = TestFunctionHost.Builder(
            // Not the watch's own timer: moving the clock would set it off beside the test's ticks, and each would find the target in the other's hands.
            [typeof(AlertmanagerFunctions)], $"--OperationsDatabase={operations.ConnectionString}", $"--ALERT_TOKEN={Token}", "--OTHER_TOKEN=token-of-clinic-0123456789");
        builder.UseMiddleware<ProblemMiddleware>();
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.Services.AddDatabase(builder.Configuration);
        builder.Services.AddHttpClient().AddFleet().AddContainers().AddFindings().AddWatch();
        host = await TestFunctionHost.StartAsync(builder);
    }

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        await operations.DisposeAsync();
    }

    [Fact]
    [Capability("R-269")]
    public async Task A_real_Alertmanager_s_alerts_are_findings_until_they_are_resolved()
    {
        await using var alertmanager = await TestServers.OwnAlertmanagerAsync(
            $$"""
            route: { receiver: whatsops, group_wait: 0s, group_interval: 1s, group_by: [ alertname ] }
            receivers:
            - name: whatsops
              webhook_configs:
              - url: {{host.Client.BaseAddress}}api/watch/shop/alertmanager/main
                http_config: { authorization: { credentials: {{Token}} } }
            """);
        using var sender = new HttpClient { BaseAddress = new Uri(alertmanager.Url) };
        async Task TellAsync(string ends) => (await sender.PostAsync("/api/v2/alerts", Json(
            $$"""[{"labels":{"alertname":"QueueDeep","severity":"critical","job":"shop"},"annotations":{"summary":"Orders wait for 5511999990000"}{{ends}}}]"""))).EnsureSuccessStatusCode();

        await TellAsync("");
        var open = await UntilAsync(findings => findings.Any(finding => finding.Kind == "external_alert"));
        var finding = open.Single(finding => finding.Kind == "external_alert");
        Assert.Equal(("shop", Severity.Critical), (finding.System, finding.Severity));
        Assert.Equal("QueueDeep: Orders wait for *** (job=shop)", finding.Cause);
        Assert.StartsWith("alertmanager/main/QueueDeep ", finding.Subject, StringComparison.Ordinal);

        await TellAsync($",\"endsAt\":\"{DateTimeOffset.UtcNow.AddSeconds(-1):O}\"");
        await UntilAsync(findings => findings.All(finding => finding.Kind != "external_alert"));
    }

    [Fact]
    [Source("alertmanager", SourceState.Present, "none")]
    [Source("alertmanager", SourceState.Absent, "target_not_observable")]
    public async Task A_watchdog_that_falls_silent_is_a_finding_and_its_alert_is_none()
    {
        await TickAsync();
        Assert.Equal(["target_not_observable alertmanager/main/Watchdog"], await OpenAsync());
        Assert.Equal(HttpStatusCode.OK, await NotifyAsync(Notification("firing", "Watchdog")));
        await TickAsync(3);
        Assert.Empty(await OpenAsync());
        time.Advance(TimeSpan.FromMinutes(297));
        await TickAsync();
        Assert.Empty(await OpenAsync());
        time.Advance(TimeSpan.FromMinutes(1));
        await TickAsync();
        Assert.Equal(["target_not_observable alertmanager/main/Watchdog"], await OpenAsync());
    }

    [Theory]
    [InlineData("shop", "main", "Bearer wrong")]
    [InlineData("shop", "main", "Bearer ")]
    [InlineData("shop", "main", null)]
    [InlineData("shop", "other", "Bearer " + Token)]
    [InlineData("clinic", "main", "Bearer " + Token)]
    [InlineData("nobody", "main", "Bearer " + Token)]
    [Source("alertmanager", SourceState.Unauthorized, "answered 401, nothing is taken")]
    public async Task Whoever_lacks_the_token_of_exactly_this_Alertmanager_is_refused(string system, string name, string? authorization)
    {
        Assert.Equal(HttpStatusCode.Unauthorized, await NotifyAsync(Notification("firing", "QueueDeep"), system, name, authorization));
        await TickAsync();
        Assert.DoesNotContain(await OpenAsync(), finding => finding.StartsWith("external_alert", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"version":"3","alerts":[]}""")]
    [InlineData("""{"version":"4"}""")]
    [InlineData("""{"version":"4","alerts":[{"status":"firing"}]}""")]
    [InlineData("""{"version":"4","alerts":[{"status":"odd","labels":{"alertname":"QueueDeep"}}]}""")]
    [InlineData("""{"version":"4","alerts":[{"status":"firing","labels":{"alertname":"QueueDeep"}}],"truncatedAlerts":1}""")]
    [InlineData("""[]""")]
    [InlineData("no json")]
    [Source("alertmanager", SourceState.Lying, "answered 400, nothing is taken")]
    public async Task What_is_no_whole_notification_is_refused_whole(string body)
    {
        Assert.Equal(HttpStatusCode.BadRequest, await NotifyAsync(body));
        await TickAsync();
        Assert.DoesNotContain(await OpenAsync(), finding => finding.StartsWith("external_alert", StringComparison.Ordinal));
    }

    private static string Notification(string status, string name) => $$$"""{"version":"4","status":"{{{status}}}","alerts":[{"status":"{{{status}}}","labels":{"alertname":"{{{name}}}"},"annotations":{},"startsAt":"2026-03-01T12:00:00Z"}],"truncatedAlerts":0}""";

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<HttpStatusCode> NotifyAsync(string body, string system = "shop", string name = "main", string? authorization = "Bearer " + Token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/watch/{system}/alertmanager/{name}") { Content = Json(body) };
        if (authorization is not null) request.Headers.TryAddWithoutValidation("Authorization", authorization);
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }

    private async Task TickAsync(int times = 1)
    {
        for (var tick = 0; tick < times; tick++)
        {
            time.Advance(TimeSpan.FromSeconds(30));
            await host.Services.GetRequiredService<Watcher>().RunAsync("shop", isDue: false, CancellationToken.None);
        }
    }

    private async Task<IReadOnlyList<Finding>> UntilAsync(Func<IReadOnlyList<Finding>, bool> isSo)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (true)
        {
            await TickAsync();
            var findings = await host.Services.GetRequiredService<IFindings>().ListAsync(new FindingQuery("shop"), CancellationToken.None);
            if (isSo(findings)) return findings;
            await Task.Delay(100, patience.Token);
        }
    }

    private async Task<IReadOnlyList<string>> OpenAsync() =>
        [.. (await host.Services.GetRequiredService<IFindings>().ListAsync(new FindingQuery("shop"), CancellationToken.None)).Select(finding => $"{finding.Kind} {finding.Subject}")];
}
