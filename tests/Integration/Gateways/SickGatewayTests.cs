using System.Text;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>Whatever a gateway does wrong, looking at it gives an observation, never an exception and never a lie.</summary>
public sealed class SickGatewayTests
{
    private const string Acme = "revalya-acme";
    private static readonly string[] Odd = [".", "..", "...", "a/../b", "%2e%2e", "a?b", "a#b", "a b", "a+b", "ação", "a\\b", "*", "revalya-acme2"];

    [Theory]
    [InlineData(FaultKind.Reset, "the connection")]
    [InlineData(FaultKind.Status, "HTTP 500")]
    [InlineData(FaultKind.WrongJson, "not what an Evolution API answers")]
    [InlineData(FaultKind.TruncatedJson, "not what an Evolution API answers")]
    [InlineData(FaultKind.HugeBody, "larger than")]
    public async Task Every_look_at_a_sick_gateway_is_unreachable_and_says_why(FaultKind kind, string why)
    {
        using var fixture = new GatewayFixture();
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key, Instances = [new() { Name = Acme }] });
        simulator.SetFault(new Fault { Kind = kind });
        var gateway = fixture.Open(simulator.Url, forSweep: true);

        (string, Outcome, string?)[] looks =
        [
            Short("probe", await gateway.ProbeAsync(default)), Short("list", await gateway.ListAsync(default)), Short("state", await gateway.StateAsync(Acme, default)),
            Short("webhook", await gateway.WebhookAsync(Acme, default)), Short("connect", await gateway.ConnectAsync(Acme, default)),
        ];

        Assert.All(looks, look => Assert.Equal(Outcome.Unreachable, look.Item2));
        Assert.All(looks, look => Assert.Contains(why, look.Item3, StringComparison.Ordinal));
        Assert.Equal(looks.Length, simulator.Calls.Count);
    }

    [Theory]
    [InlineData(FaultKind.Reset, GatewayResult.Unreachable)]
    [InlineData(FaultKind.Status, GatewayResult.Failed)]
    [InlineData(FaultKind.WrongJson, GatewayResult.Unreachable)]
    public async Task A_command_without_a_sensible_answer_is_sent_once_and_not_taken_for_done(FaultKind kind, GatewayResult expected)
    {
        using var fixture = new GatewayFixture();
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key, Instances = [new() { Name = Acme }] });
        var gateway = fixture.Open(simulator.Url);
        await gateway.ProbeAsync(default);
        simulator.SetFault(new Fault { Kind = kind });
        var webhook = new WebhookSettings(true, "http://127.0.0.1:9/x", new Dictionary<string, string>(), [], false, false);

        Assert.Equal(expected, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Equal(expected, (await gateway.LogoutAsync(Acme, default)).Result);
        Assert.Equal(expected, (await gateway.RestartAsync(Acme, default)).Result);
        Assert.Equal(expected, (await gateway.SetWebhookAsync(Acme, webhook, default)).Result);
        Assert.Equal(5, simulator.Calls.Count);
    }

    [Fact]
    public async Task A_gateway_that_hangs_is_given_up_after_its_time()
    {
        var time = new FakeTimeProvider();
        using var fixture = new GatewayFixture(time);
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key });
        simulator.SetFault(new Fault { Kind = FaultKind.Hang });
        var gateway = fixture.Open(simulator.Url, forSweep: true);

        var probe = gateway.ProbeAsync(default);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal((Outcome.Unreachable, "no answer within 10 s"), ((await probe).Outcome, (await probe).Detail));
        var list = gateway.ListAsync(default);
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(list.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal((Outcome.Unreachable, "no answer within 30 s"), ((await list).Outcome, (await list).Detail));
    }

    [Theory]
    [Source("turbozap", SourceState.Slow, "gateway_unreachable")]
    [Source("taktchat", SourceState.Slow, "gateway_unreachable")]
    [InlineData(SystemKinds.TurboZap)]
    [InlineData(SystemKinds.TaktChat)]
    public async Task Another_product_that_hangs_is_given_up_after_its_time_too(string kind)
    {
        var time = new FakeTimeProvider();
        using var fixture = new GatewayFixture(time);
        await using var silent = await ScriptedGateway.StartAsync(context => Task.Delay(-1, context.RequestAborted));
        var endpoint = new GatewayEndpoint { Name = "g", Url = silent.Url, ApiKey = "k", Accounts = [new() { Company = 1, Email = "e", Password = "p" }] };
        var list = fixture.Open(new FleetSystem { Name = "s", Kind = kind, Gateways = [endpoint] }, endpoint, forSweep: true).ListAsync(default);
        while (!list.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Delay(10);
        }

        Assert.Equal(Outcome.Unreachable, (await list).Outcome);
        Assert.Contains("no answer within", (await list).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://user:hunter2@elsewhere.example:8443/path?token=hunter2", "https://elsewhere.example:8443;")]
    [InlineData("https://user:hunter2@elsewhere.example/path", "https://elsewhere.example;")]
    [InlineData("/path?token=hunter2", "another path;")]
    public async Task A_redirect_is_told_by_its_host_and_never_by_what_opens_it(string location, string told)
    {
        using var fixture = new GatewayFixture();
        await using var server = await ScriptedGateway.StartAsync(context =>
        {
            (context.Response.StatusCode, context.Response.Headers.Location) = (302, location);
            return Task.CompletedTask;
        });
        var list = await fixture.Open(server.Url).ListAsync(default);
        Assert.Equal(Outcome.Unreachable, list.Outcome);
        Assert.Contains(told, list.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", list.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_callers_own_cancellation_is_not_the_gateways_fault()
    {
        using var fixture = new GatewayFixture();
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key });
        simulator.SetFault(new Fault { Kind = FaultKind.Hang });
        using var enough = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fixture.Open(simulator.Url).ListAsync(enough.Token));
    }

    [Fact]
    [Capability("R-074")]
    public async Task A_look_is_tried_once_more_except_for_the_sweep()
    {
        using var fixture = new GatewayFixture();
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key, Instances = [new() { Name = Acme }] });
        simulator.SetFault(new Fault { Kind = FaultKind.Reset, Count = 1 });

        Assert.Equal(Outcome.Seen, (await fixture.Open(simulator.Url).ListAsync(default)).Outcome);
        Assert.Equal(2, simulator.Calls.Count);
        simulator.SetFault(new Fault { Kind = FaultKind.Status, Count = 1 });
        Assert.Equal(Outcome.Unreachable, (await fixture.Open(simulator.Url, forSweep: true).ListAsync(default)).Outcome);
        Assert.Equal(3, simulator.Calls.Count);
        Assert.Equal(["unreachable", "seen", "unreachable"], fixture.Calls.All.Select(call => call.Outcome));
    }

    [Fact]
    public async Task A_dead_gateway_is_not_asked_again_and_again_but_the_sweep_still_sees_for_itself()
    {
        using var fixture = new GatewayFixture();
        await using var simulator = await EvolutionSimulator.StartAsync(new SimulatorOptions { ApiKey = GatewayFixture.Key, Instances = [new() { Name = Acme }] });
        var fault = simulator.SetFault(new Fault { Kind = FaultKind.Status });
        var gateway = fixture.Open(simulator.Url);
        for (var look = 0; look < 10; look++) Assert.Equal(Outcome.Unreachable, (await gateway.StateAsync(Acme, default)).Outcome);
        var calls = simulator.Calls.Count;

        Assert.InRange(calls, 5, 8);
        simulator.ClearFaults(fault);
        Assert.Contains("circuit open", (await gateway.StateAsync(Acme, default)).Detail, StringComparison.Ordinal);
        Assert.Equal(calls, simulator.Calls.Count);
        Assert.Equal(Outcome.Seen, (await fixture.Open(simulator.Url, forSweep: true).StateAsync(Acme, default)).Outcome);
    }

    [Theory]
    [InlineData(404, "<html>nginx</html>", "HTTP 404")]
    [InlineData(404, """{"status":404,"error":"Not Found","response":{"message":["Cannot GET /x"]}}""", "HTTP 404: Cannot GET /x")]
    [InlineData(502, "<html>bad gateway</html>", "HTTP 502")]
    [InlineData(200, "<html>welcome</html>", "not what an Evolution API answers")]
    [InlineData(200, "", "not what an Evolution API answers")]
    [InlineData(200, "{}", "not what an Evolution API answers")]
    [InlineData(200, """{"error":true,"message":"[object Object]"}""", "")]
    public async Task What_a_proxy_or_a_stranger_answers_is_never_taken_for_a_missing_instance(int status, string body, string why)
    {
        using var fixture = new GatewayFixture();
        await using var stranger = await ScriptedGateway.StartAsync(status, body, "text/html");
        var gateway = fixture.Open(stranger.Url, forSweep: true);

        var state = await gateway.StateAsync(Acme, default);
        var list = await gateway.ListAsync(default);

        Assert.Equal((Outcome.Unreachable, Outcome.Unreachable), (state.Outcome, list.Outcome));
        Assert.Contains(why, state.Detail, StringComparison.Ordinal);
        Assert.NotEqual(GatewayResult.AlreadySo, (await gateway.DeleteAsync(Acme, default)).Result);
    }

    [Theory]
    [InlineData("[1]")]
    [InlineData("[[]]")]
    [InlineData("""[{"name":""}]""")]
    [InlineData("""[{"name":{"x":1}}]""")]
    [InlineData("null")]
    [InlineData("""[{"name":"a"}""")]
    public async Task A_list_that_is_not_one_is_never_an_empty_fleet(string body)
    {
        using var fixture = new GatewayFixture();
        await using var stranger = await ScriptedGateway.StartAsync(200, body);

        Assert.Equal(Outcome.Unreachable, (await fixture.Open(stranger.Url, forSweep: true).ListAsync(default)).Outcome);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_key_goes_nowhere_else()
    {
        using var fixture = new GatewayFixture();
        await using var elsewhere = await ScriptedGateway.StartAsync(200, "[]");
        await using var redirecting = await ScriptedGateway.StartAsync(context =>
        {
            context.Response.Redirect(elsewhere.Url + "/login?token=planted");
            return Task.CompletedTask;
        });
        var gateway = fixture.Open(redirecting.Url, forSweep: true);

        var list = await gateway.ListAsync(default);

        Assert.Equal(Outcome.Unreachable, list.Outcome);
        Assert.Contains("redirects (HTTP 302)", list.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", list.Detail, StringComparison.Ordinal);
        Assert.Equal(GatewayResult.Unreachable, (await gateway.DeleteAsync(Acme, default)).Result);
        Assert.Empty(elsewhere.Targets);
    }

    [Fact]
    public async Task Words_of_the_gateway_are_shown_without_the_key_and_without_phone_numbers()
    {
        using var fixture = new GatewayFixture();
        await using var talkative = await ScriptedGateway.StartAsync(400,
            """{"status":400,"error":"Bad Request","response":{"message":[["key planted-key of 5511999998888 is odd"],"second"]}}""");

        var answer = await fixture.Open(talkative.Url, "planted-key").DeleteAsync(Acme, default);

        Assert.Equal("HTTP 400: key *** of 55*********88 is odd; second", answer.Detail);
    }

    [Fact]
    public async Task The_key_travels_in_its_header_only_and_not_at_all_to_the_root()
    {
        using var fixture = new GatewayFixture();
        var keys = new List<string>();
        await using var scripted = await ScriptedGateway.StartAsync(context =>
        {
            keys.Add(context.Request.Headers["apikey"].ToString());
            return context.Response.WriteAsync("[]");
        });
        var gateway = fixture.Open(scripted.Url, "planted-key\n", forSweep: true);

        await gateway.ProbeAsync(default);
        await gateway.ListAsync(default);

        Assert.Equal(["", "planted-key"], keys);
        Assert.All(scripted.Targets, target => Assert.DoesNotContain("planted", target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_name_reaches_the_gateway_exactly_whatever_it_is()
    {
        using var fixture = new GatewayFixture();
        await using var scripted = await ScriptedGateway.StartAsync(404, """{"status":404,"error":"Not Found","response":{"message":["The instance does not exist"]}}""");
        var gateway = fixture.Open(scripted.Url + "/base/", forSweep: true);
        var names = Gen.OneOf(Gen.Int[0, Odd.Length - 1].Select(index => Odd[index]), Gen.String[1, 20])
            .Where(name => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(name)) == name);

        await names.SampleAsync(async name =>
        {
            await gateway.DeleteAsync(name, default);
            var target = scripted.Targets[^1];
            Assert.StartsWith("/base/instance/delete/", target, StringComparison.Ordinal);
            var segment = target["/base/instance/delete/".Length..];
            Assert.DoesNotContain('/', segment);
            Assert.False(segment is "." or "..");
            Assert.Equal(name, Uri.UnescapeDataString(segment));
        }, iter: 200, threads: 1);
    }

    [Fact]
    public async Task Nobody_listening_is_unreachable()
    {
        using var fixture = new GatewayFixture();
        var list = await fixture.Open("http://127.0.0.1:9", forSweep: true).ListAsync(default);

        Assert.Equal((Outcome.Unreachable, "connection refused or not possible"), (list.Outcome, list.Detail));
    }

    private static (string, Outcome, string?) Short<T>(string name, Observation<T> look) => (name, look.Outcome, look.Detail);
}
