using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Faults;

namespace WhatsOps.Tests.Integration.Delivery;

/// <summary>What the gateway stored against what came, on a simulated gateway whose webhooks get lost.</summary>
public sealed class LostEventTests
{
    [Theory]
    [InlineData("2.3.6")]
    [InlineData("1.8.6")]
    public async Task Messages_whose_webhooks_were_lost_are_told_with_their_number_and_share(string version)
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { Version = version });
        // 1.8 cannot send the secret, so no webhook of it is ever taken: its events are put into the log by hand.
        var isV1 = version.StartsWith('1');
        await using var world = await WorldAsync(gateway, hasWebhook: !isV1);
        if (isV1) await TakeAsync(world, gateway, 6);
        else await TalkAsync(world, gateway, 6);
        gateway.SetFault(new() { Kind = FaultKind.WebhookSilence, Path = "messages.upsert" });
        for (var i = 0; i < 3; i++) gateway.Receive("shop-acme");

        // Too young to be missing.
        Assert.Equal(0, Assert.Single(await AuditAsync(world)).Compared);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        var audit = Assert.Single(await AuditAsync(world));
        Assert.Equal(("acme", "shop-acme", 9, 3, null), (audit.Tenant, audit.Instance, audit.Compared, audit.Missing.Count, audit.Problem));
        var finding = Assert.Single(await FindingsAsync(world));
        Assert.Equal(("events_lost", Severity.High, "acme", "3", "9", "33.3 %"), (finding.Kind, finding.Severity, finding.Tenant, finding.Evidence["missing"], finding.Evidence["stored"], finding.Evidence["share"]));
    }

    [Fact]
    public async Task A_store_that_cannot_be_compared_is_told_as_that_and_closes_nothing()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { SaveMessages = false });
        await using var world = await WorldAsync(gateway);
        await TalkAsync(world, gateway, 2);
        world.Time.Advance(TimeSpan.FromMinutes(20));
        Assert.Contains("keeps no messages", Assert.Single(await AuditAsync(world)).Problem, StringComparison.Ordinal);
        Assert.Equal(("events_audit_not_observable", Severity.Low, "acme"), Assert.Single((await FindingsAsync(world)).Select(finding => (finding.Kind, finding.Severity, finding.Tenant))));

        gateway.SetFault(new() { Kind = FaultKind.Status, Status = 404, Path = "/chat/findMessages/*" });
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Contains("cannot be read", Assert.Single(await AuditAsync(world)).Problem, StringComparison.Ordinal);
        gateway.ClearFaults();
        gateway.ApiKey = "another";
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await AuditAsync(world));
        Assert.Equal([null, "acme"], (await FindingsAsync(world)).Select(finding => finding.Tenant).Order());
    }

    [Fact]
    public async Task Pages_are_read_to_the_end_of_the_window()
    {
        await using var gateway = await EvolutionSimulator.StartAsync();
        await using var world = await WorldAsync(gateway);
        gateway.SetFault(new() { Kind = FaultKind.WebhookSilence, Path = "messages.upsert" });
        for (var i = 0; i < 450; i++) gateway.Receive("shop-acme");
        world.Time.Advance(TimeSpan.FromMinutes(20));
        var audit = Assert.Single(await AuditAsync(world));
        Assert.Equal((450, 450), (audit.Compared, audit.Missing.Select(message => message.Id).Distinct().Count()));
        Assert.Equal(3, gateway.Calls.Count(call => call.Path == "/chat/findMessages/shop-acme"));
    }

    [Fact]
    public async Task Lost_messages_become_events_once_on_an_operators_word_and_reach_the_product_marked()
    {
        await using var gateway = await EvolutionSimulator.StartAsync();
        await using var world = await WorldAsync(gateway);
        await TalkAsync(world, gateway, 1);
        gateway.SetFault(new() { Kind = FaultKind.WebhookSilence, Path = "messages.upsert" });
        gateway.Receive("shop-acme", "perdida");
        world.Time.Advance(TimeSpan.FromMinutes(20));
        var body = new { system = "shop", tenant = "acme", from = world.Time.GetUtcNow().AddHours(-2), to = world.Time.GetUtcNow() };

        Assert.Equal((200, 1, 0), await BackfillAsync(world, "?dryRun=true", body));
        Assert.Equal(1, await world.Host.CountAsync("events", "message_id IS NOT NULL"));
        await world.Host.Get<IPauses>().PauseAsync("shop", "ana", null, CancellationToken.None);
        Assert.Equal(409, (await BackfillAsync(world, "", body)).Status);
        Assert.Equal((200, 1, 0), await BackfillAsync(world, "?dryRun=true", body));
        await world.Host.Get<IPauses>().ResumeAsync("shop", "ana", CancellationToken.None);
        Assert.Equal((200, 1, 1), await BackfillAsync(world, "", body));
        Assert.Equal((200, 0, 0), await BackfillAsync(world, "", body));
        await world.DrainAsync();

        var backfilled = Assert.Single(world.Product.Taken, call => call.Headers.ContainsKey("webhook-backfill"));
        Assert.True(backfilled.IsSigned());
        var json = JsonNode.Parse(backfilled.Body)!;
        Assert.Equal(("messages.upsert", "shop-acme", "perdida"), (json["event"]!.GetValue<string>(), json["instance"]!.GetValue<string>(), json["data"]!["message"]!["conversation"]!.GetValue<string>()));
        Assert.Equal(1, await world.Host.CountAsync("events", "is_backfill AND message_id IS NOT NULL AND phones IS NOT NULL"));
        Assert.Empty(Assert.Single(await AuditAsync(world)).Missing);
        Assert.Equal("oscar", await world.Host.ScalarAsync<string>("SELECT by FROM whatsops.audit_trail WHERE action = 'events.backfill' AND tenant = 'acme' ORDER BY id LIMIT 1"));
        Assert.Equal(404, (await BackfillAsync(world, "", body with { tenant = "acm" })).Status);
        Assert.Equal(400, (await BackfillAsync(world, "", new { system = "shop", tenant = "acme" })).Status);
    }

    private static async Task<DeliveryWorld> WorldAsync(EvolutionSimulator gateway, bool hasWebhook = true)
    {
        // The simulator's messages carry its own time.
        var world = await DeliveryWorld.CreateAsync(
            TimeProvider.System.GetUtcNow(), [new() { Name = "evo-1", Url = gateway.Url, ApiKey = "${env:GATEWAY_KEY}" }], null, $"--GATEWAY_KEY={gateway.ApiKey}");
        gateway.Seed(new InstanceSeed
        {
            Name = "shop-acme",
            Webhook = !hasWebhook ? null : new()
            {
                Url = new Uri(world.Host.Client.BaseAddress!, "/api/whatsapp/webhook/acme").ToString(),
                Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = await world.Host.SecretAsync("acme") },
            },
        });
        return world;
    }

    private static async Task TalkAsync(DeliveryWorld world, EvolutionSimulator gateway, int messages)
    {
        for (var i = 0; i < messages; i++) gateway.Receive("shop-acme");
        await Waiting.UntilAsync(async () => await world.Host.CountAsync("events", "message_id IS NOT NULL") == messages);
    }

    private static async Task TakeAsync(DeliveryWorld world, EvolutionSimulator gateway, int messages)
    {
        for (var i = 0; i < messages; i++) gateway.Receive("shop-acme");
        var (system, now) = (await SystemAsync(world), TimeProvider.System.GetUtcNow());
        var stored = await world.Host.Get<IGateways>().Open(system, system.Gateways[0]).MessagesAsync("shop-acme", now.AddHours(-1), now.AddHours(1), 1, CancellationToken.None);
        foreach (var message in stored.Value!.Messages) await world.MessageAsync("acme", message.Id);
    }

    private static async Task<FleetSystem> SystemAsync(DeliveryWorld world) => (await world.Host.Get<IFleet>().CurrentAsync(CancellationToken.None))!.System("shop")!;

    private static async Task<IReadOnlyList<InstanceAudit>> AuditAsync(DeliveryWorld world)
    {
        var audit = world.Host.Get<LostEventAudit>().RunAsync(await SystemAsync(world), world.Time.GetUtcNow().AddHours(-2), world.Time.GetUtcNow(), CancellationToken.None);
        // A call to a sick gateway is repeated after a wait, by the world's clock.
        for (var waited = 0; !audit.IsCompleted && waited < 1000; waited++)
        {
            await Task.WhenAny(audit, Task.Delay(20));
            if (!audit.IsCompleted) world.Time.Advance(TimeSpan.FromMilliseconds(100));
        }

        return await audit;
    }

    private static Task<IReadOnlyList<Finding>> FindingsAsync(DeliveryWorld world) =>
        world.Host.Get<IFindings>().ListAsync(new(null, null, null, null, false, null, 10), CancellationToken.None);

    private static async Task<(int Status, int Missing, int Stored)> BackfillAsync(DeliveryWorld world, string query, object body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/events/backfill" + query) { Content = JsonContent.Create(body) };
        request.Headers.Add("x-whatsops-key", DeliveryWorld.OscarsKey);
        using var response = await world.Host.Client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        return ((int)response.StatusCode, answer["missing"]?.GetValue<int>() ?? 0, answer["stored"]?.GetValue<int>() ?? 0);
    }
}
