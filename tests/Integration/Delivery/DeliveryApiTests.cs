using System.Net.Http.Json;
using System.Text.Json.Nodes;
using WhatsOps.Console;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Events;

namespace WhatsOps.Tests.Integration.Delivery;

/// <summary>What people see of deliveries, and replaying them.</summary>
public sealed class DeliveryApiTests
{
    [Fact]
    public async Task Deliveries_are_listed_by_place_and_state_in_pages()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        world.Product.Rule = (call, _) => call.MessageId switch { "A2" => 400, "B1" => 503, _ => 200 };
        foreach (var id in (string[])["A1", "A2", "A3"])
        {
            await world.MessageAsync("acme", id);
            world.Time.Advance(TimeSpan.FromMilliseconds(2));
        }

        await world.MessageAsync("blue", "B1");
        await world.PassAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(5));

        async Task<string[]> StatesAsync(string query) =>
            [.. (await GetAsync(world, "api/deliveries" + query))["deliveries"]!.AsArray().Select(item => $"{item!["tenant"]} {item["state"]}")];
        Assert.Equal(["blue pending", "acme delivered", "acme dead", "acme delivered"], await StatesAsync(""));
        Assert.Equal(["acme delivered", "acme delivered"], await StatesAsync("?system=shop&tenant=acme&state=delivered"));
        Assert.Equal(["acme delivered", "acme dead", "acme delivered"], await StatesAsync("?system=shop&tenant=acme"));
        Assert.Equal(["acme dead"], await StatesAsync("?state=dead"));
        Assert.Empty(await StatesAsync("?tenant=acm"));
        var page = await GetAsync(world, "api/deliveries?limit=3");
        Assert.Equal(["acme delivered"], await StatesAsync($"?before={page["before"]}"));
        Assert.Equal(["acme delivered"], await StatesAsync($"?tenant=acme&system=shop&before={page["before"]}"));
        Assert.Equal(("state", 400), await ProblemAsync(world, HttpMethod.Get, "api/deliveries?state=lost", null));

        var timeline = await new TimelineReader(world.Host.Database).ReadAsync("shop", "acme", 50, CancellationToken.None);
        Assert.Contains("was given up after 6 attempts: HTTP 400", Assert.Single(timeline.Entries, entry => entry.What == "delivery").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dead_letter_is_replayed_once_under_its_own_id_and_marked()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var isSick = true;
        world.Product.Rule = (call, _) => isSick && call.MessageId == "A1" ? 404 : 200;
        await world.MessageAsync("acme", "A1");
        world.Time.Advance(TimeSpan.FromMilliseconds(2));
        await world.MessageAsync("acme", "A2");
        await world.PassAsync(TimeSpan.FromMinutes(4), TimeSpan.FromSeconds(5));
        isSick = false;

        var asked = new { system = "shop", onlyDead = true };
        Assert.Equal(("", 403), await ProblemAsync(world, HttpMethod.Post, "api/deliveries/replay", asked, ReceiverHost.OperatorKey));
        var dry = await PostAsync(world, "api/deliveries/replay?dryRun=true", asked);
        Assert.Equal((true, 1, 0), (dry["dryRun"]!.GetValue<bool>(), dry["events"]!.GetValue<int>(), dry["withoutBody"]!.GetValue<int>()));
        Assert.Equal(1, await world.CountAsync("state = 'dead'"));
        var done = await PostAsync(world, "api/deliveries/replay", asked);
        Assert.Equal((false, 1), (done["dryRun"]!.GetValue<bool>(), done["events"]!.GetValue<int>()));
        await world.DrainAsync();
        Assert.Equal(0, (await PostAsync(world, "api/deliveries/replay", asked))["events"]!.GetValue<int>());

        var replayed = Assert.Single(world.Product.Taken, call => call.MessageId == "A1");
        Assert.Equal("true", replayed.Headers["webhook-replay"]);
        Assert.True(replayed.IsSigned());
        Assert.Equal(world.Product.Calls.First(call => call.MessageId == "A1").Id, replayed.Id);
        Assert.DoesNotContain("webhook-replay", world.Product.Taken.First(call => call.MessageId == "A2").Headers.Keys);
        Assert.Equal("oscar: delivery.replay 1 events, dead letters only", await world.Host.ScalarAsync<string>("SELECT by || ': ' || action || ' ' || detail FROM whatsops.audit_trail ORDER BY id LIMIT 1"));
    }

    [Fact]
    public async Task A_replay_takes_what_was_delivered_or_never_owed_within_its_time_and_leaves_what_waits()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        world.Product.Rule = (call, _) => call.Path == "/hook/blue" ? 503 : 200;
        await world.MessageAsync("acme", "A1");
        world.Time.Advance(TimeSpan.FromMilliseconds(2));
        await world.SendAsync("acme", Webhooks.Message("shop-stranger", "F1"));
        await world.MessageAsync("blue", "B1");
        await world.DrainAsync();
        // As if the system had forwarded nothing when it came.
        await using (var forget = world.Host.Database.CreateCommand("DELETE FROM whatsops.deliveries WHERE tenant = 'acme'")) await forget.ExecuteNonQueryAsync();
        world.Time.Advance(TimeSpan.FromHours(1));
        await world.MessageAsync("acme", "A2");
        await world.DrainAsync();
        var (start, later) = (world.Time.GetUtcNow().AddHours(-2), world.Time.GetUtcNow());

        Assert.Equal(1, (await PostAsync(world, "api/deliveries/replay?dryRun=true", new { system = "shop", from = start, to = later }))["events"]!.GetValue<int>());
        Assert.Equal(2, (await PostAsync(world, "api/deliveries/replay?dryRun=true", new { system = "shop", tenant = "acme", from = start }))["events"]!.GetValue<int>());
        var id = (await GetAsync(world, "api/events?system=shop&tenant=acme"))["events"]!.AsArray().Last()!["id"]!.GetValue<string>();
        Assert.Equal(1, (await PostAsync(world, "api/deliveries/replay", new { system = "shop", ids = new[] { id } }))["events"]!.GetValue<int>());
        await world.DrainAsync();
        Assert.Equal(["A1", "A2", "A1"], world.Product.Taken.Select(call => call.MessageId));

        await using (var erase = world.Host.Database.CreateCommand("DELETE FROM whatsops.event_bodies WHERE tenant = 'acme'")) await erase.ExecuteNonQueryAsync();
        var gone = await PostAsync(world, "api/deliveries/replay", new { system = "shop", tenant = "acme", from = start });
        Assert.Equal((0, 2), (gone["events"]!.GetValue<int>(), gone["withoutBody"]!.GetValue<int>()));
        Assert.All((await GetAsync(world, "api/deliveries?tenant=acme"))["deliveries"]!.AsArray(), item => Assert.False(item!["hasBody"]!.GetValue<bool>()));
    }

    [Fact]
    public async Task A_replay_that_is_not_one_is_refused_with_its_field()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        foreach (var (body, field, status) in new (object, string, int)[]
        {
            (new { }, "$.system", 400), (new { system = "shop" }, "$.from", 400), (new { system = "shop", ids = Array.Empty<Guid>() }, "$.ids", 400),
            (new { system = "shop", ids = new[] { Guid.Parse("00000000-0000-4000-8000-000000000001") } }, "$.ids", 400),
            (new { system = "shop", from = "2026-03-02T00:00:00Z", to = "2026-03-02T00:00:00Z" }, "$.to", 400),
            (new { system = "shop", from = "yesterday" }, "$.from", 400), (new { system = "nowhere", onlyDead = true }, "$.system", 404), (new { system = "clinic", onlyDead = true }, "$.system", 409),
        })
            Assert.Equal((field, status), await ProblemAsync(world, HttpMethod.Post, "api/deliveries/replay", body));
    }

    [Fact]
    public async Task A_pause_refuses_a_replay_and_not_its_dry_run()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        await world.MessageAsync("acme", "A1");
        await world.PassAsync(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(5));
        var asked = new { system = "shop", tenant = "acme", from = world.Time.GetUtcNow().AddHours(-1) };
        await world.Host.Get<IPauses>().PauseAsync(null, "ana", null, CancellationToken.None);

        Assert.Equal(("$.system", 409), await ProblemAsync(world, HttpMethod.Post, "api/deliveries/replay", asked));
        Assert.Equal(1, (await PostAsync(world, "api/deliveries/replay?dryRun=true", asked))["events"]!.GetValue<int>());
        Assert.Equal(0, await world.CountAsync("is_replay"));
        await world.Host.Get<IPauses>().ResumeAsync(null, "ana", CancellationToken.None);
        Assert.Equal(1, (await PostAsync(world, "api/deliveries/replay", asked))["events"]!.GetValue<int>());
    }

    [Fact]
    public async Task Lag_and_dead_letters_are_findings_that_close_when_the_product_is_well_again()
    {
        await using var world = await DeliveryWorld.CreateAsync();
        var (check, findings) = (world.Host.Get<DeliveryCheck>(), world.Host.Get<IFindings>());
        async Task<string[]> OpenAsync()
        {
            await check.RunAsync(CancellationToken.None);
            return [.. (await findings.ListAsync(new(null, null, null, null, false, null, 10), CancellationToken.None)).OrderBy(finding => finding.Kind, StringComparer.Ordinal).Select(finding => $"{finding.Kind} {finding.Severity}")];
        }

        world.Product.Rule = (call, _) => call.Path == "/hook/acme" ? 403 : 503;
        await world.MessageAsync("acme", "A1");
        await world.MessageAsync("blue", "B1");
        await world.DrainAsync();
        Assert.Empty(await OpenAsync());
        await world.PassAsync(TimeSpan.FromMinutes(6), TimeSpan.FromSeconds(5));
        Assert.Equal(["delivery_dead_letters High", "delivery_lagging Medium"], await OpenAsync());
        world.Time.Advance(TimeSpan.FromMinutes(25));
        Assert.Equal(["delivery_dead_letters High", "delivery_lagging High"], await OpenAsync());

        world.Product.Rule = (_, _) => 200;
        await PostAsync(world, "api/deliveries/replay", new { system = "shop", onlyDead = true });
        await world.PassAsync(TimeSpan.FromMinutes(40), TimeSpan.FromMinutes(5));
        Assert.Equal(2, (await OpenAsync()).Length);
        world.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(await OpenAsync());
    }

    private static async Task<JsonNode> GetAsync(DeliveryWorld world, string path) => (await CallAsync(world, HttpMethod.Get, path, null, DeliveryWorld.OscarsKey, 200))!;

    private static async Task<JsonNode> PostAsync(DeliveryWorld world, string path, object body) => (await CallAsync(world, HttpMethod.Post, path, body, DeliveryWorld.OscarsKey, 200))!;

    private static async Task<(string Field, int Status)> ProblemAsync(DeliveryWorld world, HttpMethod method, string path, object? body, string key = DeliveryWorld.OscarsKey)
    {
        var answer = await CallAsync(world, method, path, body, key, null);
        return (answer!["field"]?.GetValue<string>() ?? "", answer["status"]!.GetValue<int>());
    }

    private static async Task<JsonNode?> CallAsync(DeliveryWorld world, HttpMethod method, string path, object? body, string key, int? status)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-whatsops-key", key);
        using var response = await world.Host.Client.SendAsync(request);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
        if (status is { } expected) Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode}: {answer}");
        else answer["status"] = (int)response.StatusCode;
        return answer;
    }
}
