using Microsoft.AspNetCore.Http;
using WhatsOps.Gateways;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>Both dialects against the simulated gateway, whose answers are held to recorded exchanges.</summary>
public sealed class EvolutionGatewayTests : IDisposable
{
    private const string Acme = "revalya-acme";
    private readonly GatewayFixture _fixture = new();

    public static TheoryData<string> Versions => ["2.3.6", "1.8.6"];

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task Looks_see_what_is_there(string version)
    {
        await using var simulator = await StartAsync(version, new() { Name = Acme }, new() { Name = "revalya-shut", State = "close" });
        var gateway = _fixture.Open(simulator.Url);

        var health = await gateway.ProbeAsync(default);
        var list = await gateway.ListAsync(default);

        Assert.Equal(version, health.Value!.Version);
        Assert.True(health.Value.ClockSkew is { } skew && Math.Abs(skew.TotalSeconds) <= 2);
        Assert.Equal([(Acme, InstanceState.Open, true), ("revalya-shut", InstanceState.Close, false)],
            list.Value!.OrderBy(instance => instance.Name).Select(instance => (instance.Name, instance.State, instance.IsPaired)));
        Assert.Equal(InstanceState.Open, (await gateway.StateAsync(Acme, default)).Value);
        Assert.Equal(Outcome.Absent, (await gateway.StateAsync("revalya-acm", default)).Outcome);
        Assert.Equal(Outcome.Absent, (await gateway.WebhookAsync(Acme, default)).Outcome);
        Assert.Equal(InstanceState.Open, (await gateway.ConnectAsync(Acme, default)).Value!.State);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_life_from_create_to_delete(string version)
    {
        await using var simulator = await StartAsync(version);
        var gateway = _fixture.Open(simulator.Url);
        var headers = version[0] == '1' ? [] : new Dictionary<string, string> { ["x-whatsops-secret"] = "planted-secret" };
        var webhook = new WebhookSettings(true, "http://127.0.0.1:9/api/whatsapp/webhook/acme", headers, ["CONNECTION_UPDATE", "QRCODE_UPDATED"], false, true);

        Assert.Equal(GatewayResult.Done, (await gateway.CreateAsync(new NewInstance(Acme, webhook), default)).Result);
        Assert.Equal(GatewayResult.NameInUse, (await gateway.CreateAsync(new NewInstance(Acme, webhook), default)).Result);
        var seen = (await gateway.WebhookAsync(Acme, default)).Value!;
        Assert.Equal((true, webhook.Url, false, true), (seen.Enabled, seen.Url, seen.ByEvents, seen.Base64));
        Assert.Equal(webhook.Events, seen.Events);
        Assert.Equal(headers, seen.Headers);
        Assert.Equal(GatewayResult.Done, (await gateway.SetWebhookAsync(Acme, webhook with { Enabled = false }, default)).Result);
        Assert.False((await gateway.WebhookAsync(Acme, default)).Value!.Enabled);
        var code = await gateway.ConnectAsync(Acme, default);
        Assert.Equal(InstanceState.Connecting, code.Value!.State);
        await Until(async () => (await gateway.ConnectAsync(Acme, default)).Value!.Qr is { Length: > 0 });
        await simulator.ScanAsync(Acme);
        Assert.Equal(InstanceState.Open, (await gateway.StateAsync(Acme, default)).Value);
        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync(Acme, default)).Result);
        await Until(async () => (await gateway.StateAsync(Acme, default)).Value == InstanceState.Open);
        Assert.Equal(GatewayResult.Done, (await gateway.LogoutAsync(Acme, default)).Result);
        await Until(async () => (await gateway.StateAsync(Acme, default)).Value == InstanceState.Close);
        Assert.Equal(GatewayResult.AlreadySo, (await gateway.LogoutAsync(Acme, default)).Result);
        Assert.Equal(GatewayResult.Done, (await gateway.DeleteAsync(Acme, default)).Result);
        await Until(async () => (await gateway.StateAsync(Acme, default)).Outcome == Outcome.Absent);
        Assert.Equal(GatewayResult.AlreadySo, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Empty((await gateway.ListAsync(default)).Value!);
    }

    [Theory]
    [InlineData("2.3.6", """{"number":"5511988887777","text":"hi"}""")]
    [InlineData("1.8.6", """{"number":"5511988887777","textMessage":{"text":"hi"}}""")]
    public async Task A_text_to_itself_goes_to_the_number_that_paired_in_the_dialects_own_shape(string version, string expected)
    {
        var (v1, sent) = (version[0] == '1', "");
        var row = v1 ? """{"instance":{"instanceName":"revalya-acme","owner":"5511988887777:12@s.whatsapp.net","status":"open"}}"""
            : """[{"name":"revalya-acme-2","ownerJid":"5511900000000@s.whatsapp.net"},{"name":"revalya-acme","ownerJid":"5511988887777@s.whatsapp.net","connectionStatus":"open"}]""";
        await using var scripted = await ScriptedGateway.StartAsync(async context =>
        {
            if (context.Request.Method == "POST") sent = await new StreamReader(context.Request.Body).ReadToEndAsync();
            context.Response.StatusCode = context.Request.Method == "POST" ? 201 : 200;
            await context.Response.WriteAsync(context.Request.Path.Value switch
            {
                "/" => $$"""{"status":200,"version":"{{version}}"}""",
                "/instance/fetchInstances" => row,
                _ => """{"key":{"remoteJid":"5511988887777@s.whatsapp.net","fromMe":true,"id":"3EB0A1"},"status":"PENDING"}""",
            });
        });

        var message = await _fixture.Open(scripted.Url).SendToSelfAsync(Acme, "hi", default);

        Assert.Equal(new SelfMessage(SelfMessageResult.Accepted, "3EB0A1", null), message);
        Assert.Equal(expected, sent);
    }

    [Theory]
    [InlineData(500, """{"status":500,"error":"Internal Server Error","response":{"message":"Connection Closed"}}""", SelfMessageResult.Refused)]
    [InlineData(400, """{"status":400,"error":"Bad Request","response":{"message":["Error: Connection Closed"]}}""", SelfMessageResult.Refused)]
    [InlineData(200, """{"error":true,"message":"not sent"}""", SelfMessageResult.Refused)]
    [InlineData(400, """{"status":400,"error":"Bad Request","response":{"message":[["instance requires property \"text\""]]}}""", SelfMessageResult.NotSent)]
    [InlineData(401, """{"status":401,"error":"Unauthorized"}""", SelfMessageResult.NotSent)]
    [InlineData(404, """{"status":404,"error":"Not Found","response":{"message":["The \"revalya-acme\" instance does not exist"]}}""", SelfMessageResult.NotSent)]
    [InlineData(504, "<html>", SelfMessageResult.Unanswered)]
    [InlineData(201, "<html>", SelfMessageResult.Accepted)]
    [InlineData(201, "{}", SelfMessageResult.Accepted)]
    public async Task What_a_gateway_makes_of_a_text_is_told_apart(int status, string body, SelfMessageResult expected)
    {
        await using var scripted = await ScriptedGateway.StartAsync(async context =>
        {
            context.Response.StatusCode = context.Request.Method == "POST" ? status : 200;
            await context.Response.WriteAsync(context.Request.Path.Value switch
            {
                "/" => """{"status":200,"version":"2.3.6"}""",
                "/instance/fetchInstances" => """[{"name":"revalya-acme","ownerJid":"5511988887777@s.whatsapp.net"}]""",
                _ => body,
            });
        });
        var message = await _fixture.Open(scripted.Url).SendToSelfAsync(Acme, "hi", default);
        Assert.Equal((expected, null), (message.Result, message.MessageId));
        // The words that reports count by.
        var logged = _fixture.Calls.All.Single(call => call.Operation == "send_text").Outcome;
        Assert.Equal(expected switch { SelfMessageResult.Accepted => "done", SelfMessageResult.Unanswered => "unreachable", _ => "failed" }, logged);
    }

    [Theory]
    [InlineData("""[{"name":"revalya-acme-2","ownerJid":"5511900000000@s.whatsapp.net"}]""")]
    [InlineData("""[{"name":"revalya-acme","ownerJid":null}]""")]
    [InlineData("""[{"name":"revalya-acme","ownerJid":"120363000000000000@g.us"}]""")]
    [InlineData("""{"instance":{"instanceName":"revalya-acme","owner":"not loaded"}}""")]
    public async Task Without_the_instances_own_number_nothing_is_sent(string list)
    {
        await using var scripted = await ScriptedGateway.StartAsync(context => context.Response.WriteAsync(context.Request.Path == "/" ? """{"status":200,"version":"2.3.6"}""" : list));
        Assert.Equal(SelfMessageResult.NotSent, (await _fixture.Open(scripted.Url).SendToSelfAsync(Acme, "hi", default)).Result);
        Assert.DoesNotContain(scripted.Targets, target => target.Contains("sendText", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_restart_of_a_closed_instance_is_a_failure_though_the_answer_is_200()
    {
        await using var simulator = await StartAsync("2.3.6", new InstanceSeed { Name = Acme, State = "close" });

        var answer = await _fixture.Open(simulator.Url).RestartAsync(Acme, default);

        Assert.Equal(GatewayResult.Failed, answer.Result);
        Assert.Contains("connect it", answer.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("[object Object]", answer.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_instance_that_is_not_loaded_is_neither_closed_nor_missing()
    {
        await using var simulator = await StartAsync("2.3.6", new InstanceSeed { Name = Acme, Loaded = false });
        var gateway = _fixture.Open(simulator.Url);

        Assert.Equal(InstanceState.NotLoaded, (await gateway.StateAsync(Acme, default)).Value);
        Assert.Equal(Outcome.Absent, (await gateway.WebhookAsync(Acme, default)).Outcome);
    }

    [Fact]
    public async Task A_bad_key_is_told_for_certain_by_the_list_but_not_by_a_missing_name()
    {
        await using var simulator = await StartAsync("2.3.6", new InstanceSeed { Name = Acme });
        var gateway = _fixture.Open(simulator.Url, "wrong-key");

        Assert.Equal(Outcome.Unauthorized, (await gateway.ListAsync(default)).Outcome);
        Assert.Equal(Outcome.Unauthorized, (await gateway.StateAsync(Acme, default)).Outcome);
        Assert.Equal(Outcome.Absent, (await gateway.StateAsync("revalya-none", default)).Outcome);
        Assert.Equal(GatewayResult.NameInUse, (await gateway.CreateAsync(new NewInstance(Acme, null), default)).Result);
        Assert.Equal(GatewayResult.Unauthorized, (await gateway.CreateAsync(new NewInstance("revalya-new", null), default)).Result);
        Assert.Equal(GatewayResult.Unauthorized, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Equal(Outcome.Seen, (await gateway.ProbeAsync(default)).Outcome);
    }

    [Fact]
    public async Task The_reason_of_a_terminal_disconnection_is_read()
    {
        await using var simulator = await StartAsync("2.3.6", new InstanceSeed { Name = Acme });
        simulator.Kick(Acme, 403);

        var instance = Assert.Single((await _fixture.Open(simulator.Url).ListAsync(default)).Value!);

        Assert.Equal((InstanceState.Close, 403), (instance.State, instance.DisconnectionReason));
        Assert.NotNull(instance.DisconnectedAt);
    }

    [Fact]
    public async Task A_webhook_that_1_8_cannot_authenticate_is_refused_before_anything_is_sent()
    {
        await using var simulator = await StartAsync("1.8.6", new InstanceSeed { Name = Acme });
        var webhook = new WebhookSettings(true, "http://127.0.0.1:9/x", new Dictionary<string, string> { ["x-whatsops-secret"] = "s" }, [], false, false);

        Assert.Equal(GatewayResult.Failed, (await _fixture.Open(simulator.Url).SetWebhookAsync(Acme, webhook, default)).Result);
        Assert.DoesNotContain(simulator.Calls, call => call.Acted);
    }

    [Fact]
    public async Task The_dialect_is_learned_from_the_list_when_the_root_is_down_and_remembered()
    {
        await using var simulator = await StartAsync("1.8.6", new InstanceSeed { Name = Acme });
        simulator.SetFault(new Fault { Kind = FaultKind.Status, Path = "/" });
        var gateway = _fixture.Open(simulator.Url, forSweep: true);

        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync(Acme, default)).Result);
        Assert.Equal(GatewayResult.Done, (await gateway.RestartAsync(Acme, default)).Result);

        Assert.Equal(["GET /", "GET /instance/fetchInstances", $"PUT /instance/restart/{Acme}", $"PUT /instance/restart/{Acme}"], simulator.Calls.Select(call => $"{call.Method} {call.Path}"));
    }

    [Fact]
    public async Task Nothing_is_sent_when_the_dialect_cannot_be_known()
    {
        await using var simulator = await StartAsync("2.3.6");
        simulator.SetFault(new Fault { Kind = FaultKind.Status });

        var answer = await _fixture.Open(simulator.Url, forSweep: true).CreateAsync(new NewInstance(Acme, null), default);

        Assert.Equal(GatewayResult.Unreachable, answer.Result);
        Assert.DoesNotContain(simulator.Calls, call => call.Method == "POST");
    }

    [Fact]
    public async Task Every_call_is_noted_with_tenant_and_outcome()
    {
        await using var simulator = await StartAsync("2.3.6", new InstanceSeed { Name = Acme });
        var gateway = _fixture.Open(simulator.Url);
        await gateway.ListAsync(default);
        await gateway.StateAsync(Acme, default);
        await gateway.StateAsync("stranger", default);
        await gateway.CreateAsync(new NewInstance(Acme, null), default);

        Assert.Equal(
        [
            ("list", "seen", 200, null, null), ("state", "seen", 200, Acme, "acme"), ("state", "absent", 404, "stranger", null), ("create", "name_in_use", 403, Acme, "acme"),
        ], _fixture.Calls.All.Select(call => (call.Operation, call.Outcome, call.Status!.Value, call.Instance, call.Tenant)));
        Assert.All(_fixture.Calls.All, call => Assert.Equal(("revalya", "main"), (call.System, call.Gateway)));
    }

    private static Task<EvolutionSimulator> StartAsync(string version, params InstanceSeed[] instances) => EvolutionSimulator.StartAsync(new SimulatorOptions
    {
        ApiKey = GatewayFixture.Key, Version = version, Instances = instances, TimeScale = 50,
    });

    private static async Task Until(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 1200; attempt++)
        {
            if (await holds()) return;
            await Task.Delay(25);
        }

        Assert.Fail("It did not come to hold within 30 s.");
    }
}
