using CsCheck;
using Microsoft.AspNetCore.Http;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>TurboZap behind the interface of all gateways: what its words mean, and what they do not.</summary>
public sealed class TurboZapGatewayTests
{
    private const string Acme = "revalya-acme";
    private static readonly string[] Odd =
    [
        "", "null", "[]", "{}", "\"x\"", "{\"success\":true}", "{\"success\":true,\"data\":[]}", "{\"success\":true,\"data\":{\"instances\":[{}]}}",
        "{\"success\":false}", "{\"success\":false,\"error\":\"x\"}", "{\"success\":true,\"data\":{\"name\":\"\\ud800\"}}", "<html>", "{\"success\":\"true\"}", "{\"name\":7,\"version\":[]}",
    ];

    private static readonly WebhookSettings Webhook = new(
        true, "http://127.0.0.1:9/hook", new Dictionary<string, string> { [WebhookSettings.SecretHeader] = "s3cret" }, ["CONNECTION_UPDATE", "GROUP_PARTICIPANTS_UPDATE", "TYPEBOT_CHANGE_STATUS"], false, true);

    [Fact]
    [Capability("R-276")]
    [Capability("R-421")]
    [Source("turbozap", SourceState.Present, "none")]
    public async Task What_the_API_calls_connected_is_open_only_where_its_database_says_so()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        await world.Gateway.SeedAsync("revalya-dead", live: false);
        await world.Gateway.SeedAsync("revalya-new", paired: false);

        var list = await world.Open().ListAsync(default);
        Assert.Equal((Outcome.Seen, null), (list.Outcome, list.Detail));
        Assert.Equal(
            [(Acme, InstanceState.Open, true, false), ("revalya-dead", InstanceState.Close, true, false), ("revalya-new", InstanceState.Close, false, true)],
            list.Value!.Select(one => (one.Name, one.State, one.IsPaired, one.MustPair)));
        Assert.Equal(InstanceState.Open, (await world.Open().StateAsync(Acme, default)).Value);
        Assert.Equal(InstanceState.Close, (await world.Open().StateAsync("revalya-dead", default)).Value);

        var blind = world.Open(withDatabase: false);
        Assert.Equal([InstanceState.Paired, InstanceState.Paired, InstanceState.Close], (await blind.ListAsync(default)).Value!.Select(one => one.State));
        var state = await blind.StateAsync("revalya-dead", default);
        Assert.Equal((Outcome.Seen, InstanceState.Paired), (state.Outcome, state.Value));
        Assert.Contains("gateways[].database", state.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=9;Username=x;Password=hunter2", "cannot be read: no connection")]
    [InlineData("hunter2", "not a PostgreSQL connection string")]
    [InlineData(null, "42P01")]
    [InlineData("other", "no row of revalya-acme")]
    public async Task A_database_that_does_not_tell_leaves_it_open_and_says_why_without_secrets(string? database, string why)
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        if (database is null) await world.ExecuteAsync("DROP TABLE instances");
        if (database == "other") await world.ExecuteAsync("DELETE FROM instances");

        var list = await world.Open(database: database is null or "other" ? null : database).ListAsync(default);
        Assert.Equal((Outcome.Seen, InstanceState.Paired), (list.Outcome, list.Value![0].State));
        // A reference is named; here the fleet resolves nothing, so the text is its own reference.
        if (database != "hunter2") Assert.DoesNotContain("hunter2", list.Detail, StringComparison.Ordinal);
        Assert.Contains(why, list.Detail, StringComparison.Ordinal);
        // Nobody may act on its silence.
        var gateway = world.Open(database: database is null or "other" ? null : database);
        Assert.Equal(Outcome.Unreachable, (await gateway.StateAsync(Acme, default)).Outcome);
        Assert.Equal(Outcome.Unreachable, (await gateway.ConnectAsync(Acme, default)).Outcome);
    }

    [Fact]
    [Capability("R-422")]
    public async Task Its_optional_endpoints_are_there_or_absent_and_its_list_shows_no_keys()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        var (system, endpoint) = world.Place();
        var found = await world.Get<ICapabilityProbe>().ProbeAsync(system, endpoint, Acme, default);
        Assert.Equal(
            [("metrics", Outcome.Absent), ("stats", Outcome.Seen), ("webhook", Outcome.Seen), ("webhook_events", Outcome.Absent), ("find_messages", Outcome.Absent)],
            found.Select(one => (one.Name, one.Outcome)));
        var tokens = await world.Get<IInstanceTokens>().ReadAsync(system, endpoint, null, default);
        Assert.Equal((Outcome.Seen, 0), (tokens.Outcome, tokens.Value!.Count));
        var attempt = await world.Get<IIsolationTest>().TryAsync(system, endpoint, Acme, "revalya-b", default);
        Assert.Equal(Outcome.Absent, attempt.Outcome);
        Assert.Contains("turbozap", attempt.Detail, StringComparison.Ordinal);
    }

    [Fact]
    [Source("turbozap", SourceState.Absent, "instance_missing")]
    [Source("turbozap", SourceState.Unauthorized, "gateway_unauthorized")]
    public async Task The_key_is_judged_by_the_list_and_a_missing_instance_is_no_dead_gateway()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        var probe = await world.Open().ProbeAsync(default);
        Assert.Equal((Outcome.Seen, "TurboZap API 1.0.0"), (probe.Outcome, probe.Value!.Version));
        Assert.Equal(Outcome.Absent, (await world.Open().StateAsync("revalya-other", default)).Outcome);
        Assert.Equal(Outcome.Absent, (await world.Open().WebhookAsync("revalya-other", default)).Outcome);

        var wrong = world.Open("wrong-key-of-somebody");
        Assert.Equal(Outcome.Seen, (await wrong.ProbeAsync(default)).Outcome);
        var list = await wrong.ListAsync(default);
        Assert.Equal((Outcome.Unauthorized, "HTTP 401: Invalid API key"), (list.Outcome, list.Detail));
        Assert.Equal(GatewayResult.Unauthorized, (await wrong.RestartAsync(Acme, default)).Result);
    }

    [Fact]
    public async Task A_403_that_says_success_has_done_it_and_is_called_done()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        var other = await world.Gateway.SeedAsync("revalya-other");

        var answer = await world.Open(other.ApiKey).SetWebhookAsync(Acme, Webhook, default);
        Assert.Equal(GatewayResult.Done, answer.Result);
        Assert.NotNull(world.Gateway.Devices.Single(device => device.Name == Acme).Webhook);
        Assert.Equal(403, world.Calls.All.Single(call => call.Operation == "set_webhook").Status);
        Assert.Equal(Outcome.Seen, (await world.Open(other.ApiKey).StateAsync(Acme, default)).Outcome);
    }

    [Fact]
    public async Task A_403_that_says_no_is_a_refused_key()
    {
        using var fixture = new GatewayFixture();
        await using var server = await ScriptedGateway.StartAsync(403, """{"success":false,"error":{"code":"FORBIDDEN","message":"Not yours"}}""");
        var gateway = fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TurboZap }, new GatewayEndpoint { Name = "g", Url = server.Url, ApiKey = "k" });
        Assert.Equal(Outcome.Unauthorized, (await gateway.ListAsync(default)).Outcome);
        Assert.Equal((GatewayResult.Unauthorized, "HTTP 403: Not yours"), (await gateway.DeleteAsync(Acme, default)) is var refused ? (refused.Result, refused.Detail) : default);
    }

    [Fact]
    public async Task The_webhook_is_spelt_as_each_side_spells_it_and_none_is_absent()
    {
        await using var world = await TurboZapWorld.StartAsync();
        await world.Gateway.SeedAsync(Acme);
        var gateway = world.Open();
        Assert.Equal((Outcome.Absent, "none is configured"), (await gateway.WebhookAsync(Acme, default)) is var none ? (none.Outcome, none.Detail) : default);

        Assert.Equal(GatewayResult.Done, (await gateway.SetWebhookAsync(Acme, Webhook, default)).Result);
        Assert.Equal(["connection.update", "group.participants.update", "typebot.change_status"], world.Gateway.Devices[0].Webhook!.Events);
        Assert.Empty(WebhookComparison.Of((await gateway.WebhookAsync(Acme, default)).Value, Webhook));
        var before = world.Gateway.Calls.Count;
        var unknown = await gateway.SetWebhookAsync(Acme, Webhook with { Events = ["STATUS_INSTANCE"] }, default);
        Assert.Equal((GatewayResult.Failed, "TurboZap has no event STATUS_INSTANCE; nothing was sent"), (unknown.Result, unknown.Detail));
        Assert.Equal(before, world.Gateway.Calls.Count);
    }

    [Fact]
    public async Task Create_connect_scan_logout_and_delete_are_what_they_are_elsewhere()
    {
        await using var world = await TurboZapWorld.StartAsync();
        var gateway = world.Open();
        Assert.Equal(GatewayResult.Done, (await gateway.CreateAsync(new(Acme, Webhook with { Url = "http://127.0.0.1:9/x" }), default)).Result);
        Assert.Equal(GatewayResult.NameInUse, (await gateway.CreateAsync(new(Acme, null), default)).Result);
        Assert.Equal(GatewayResult.Failed, (await gateway.CreateAsync(new("no.dots", null), default)).Result);
        Assert.NotNull(world.Gateway.Devices[0].Webhook);

        var code = await gateway.ConnectAsync(Acme, default);
        Assert.StartsWith("2@", code.Value!.Qr, StringComparison.Ordinal);
        Assert.Equal(InstanceState.Connecting, code.Value.State);
        await world.Gateway.ScanAsync(Acme);
        Assert.Equal(InstanceState.Open, (await gateway.ConnectAsync(Acme, default)).Value!.State);

        world.Gateway.Devices[0].FailsToLogOut = true;
        Assert.Equal(GatewayResult.Failed, (await gateway.LogoutAsync(Acme, default)).Result);
        world.Gateway.Devices[0].FailsToLogOut = false;
        Assert.Equal(GatewayResult.Done, (await gateway.LogoutAsync(Acme, default)).Result);
        Assert.Equal(GatewayResult.Done, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Equal(GatewayResult.AlreadySo, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Equal(GatewayResult.AlreadySo, (await gateway.LogoutAsync(Acme, default)).Result);
    }

    [Fact]
    public async Task A_restart_without_a_client_and_a_message_through_a_dead_instance_say_what_their_500_means()
    {
        await using var world = await TurboZapWorld.StartAsync();
        var device = await world.Gateway.SeedAsync(Acme);
        var gateway = world.Open();
        Assert.Equal(SelfMessageResult.Accepted, (await gateway.SendToSelfAsync(Acme, "ok", default)).Result);
        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync(Acme, default)).Result);

        await world.Gateway.DropAsync(Acme);
        var dead = await gateway.SendToSelfAsync(Acme, "ok", default);
        Assert.Equal(SelfMessageResult.Refused, dead.Result);
        Assert.Contains("not connected", dead.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(device.Number, dead.Detail, StringComparison.Ordinal);
        device.IsInMemory = false;
        var restart = await gateway.RestartAsync(Acme, default);
        Assert.Equal(GatewayResult.Failed, restart.Result);
        Assert.Contains("connect it", restart.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stored_messages_are_not_offered_and_nobody_is_asked_for_them()
    {
        await using var world = await TurboZapWorld.StartAsync();
        var messages = await world.Open().MessagesAsync(Acme, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow, 1, default);
        Assert.Equal(Outcome.Absent, messages.Outcome);
        Assert.Contains("not offered by this gateway", messages.Detail, StringComparison.Ordinal);
        Assert.Empty(world.Gateway.Calls);
    }

    [Fact]
    [Source("turbozap", SourceState.Lying, "gateway_unreachable")]
    public async Task Whatever_it_answers_a_look_is_an_observation() => await Gen.Select(
        Gen.Int[200, 599], Gen.Int[0, Odd.Length - 1].Select(index => Odd[index])).SampleAsync(async answer =>
    {
        using var fixture = new GatewayFixture();
        await using var server = await ScriptedGateway.StartAsync(context =>
        {
            context.Response.StatusCode = answer.Item1;
            return answer.Item1 is 204 or 304 or 205 ? Task.CompletedTask : context.Response.WriteAsync(answer.Item2);
        });
        var gateway = fixture.Open(new FleetSystem { Name = "s", Kind = SystemKinds.TurboZap }, new GatewayEndpoint { Name = "g", Url = server.Url, ApiKey = "k" }, forSweep: true);
        Assert.False((await gateway.ProbeAsync(default)).IsSeen);
        Assert.False((await gateway.ListAsync(default)).IsSeen);
        Assert.False((await gateway.StateAsync(Acme, default)).IsSeen);
        Assert.False((await gateway.WebhookAsync(Acme, default)).IsSeen);
        Assert.False((await gateway.ConnectAsync(Acme, default)).IsSeen && !answer.Item2.Contains("true", StringComparison.Ordinal));
    }, iter: 25, threads: 1);
}
