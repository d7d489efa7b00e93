using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Simulator;

/// <summary>What the simulator sends is what the real gateway sent.</summary>
public sealed class WebhookEventTests
{
    private static readonly Dictionary<string, string> Secret = new() { ["x-hook-secret"] = "s3cr3t" };

    private sealed record RecordedEvent(string Id, IReadOnlyList<string> Headers, JsonElement Body);

    [Fact]
    public async Task Every_kind_of_event_has_the_recorded_shape()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new()
        {
            TimeScale = 50,
            QrCodeLimit = 2,
            QrLife = TimeSpan.FromSeconds(20)
        });
        using var client = new GatewayClient(gateway);
        foreach (var name in new[] { "alpha", "qr1", "qlim" })
            await client.Create(name, $"{hooks.Url}/ok/{name}", headers: Secret);
        await client.Create("q1", hooks.Url + "/ok/q1", headers: Secret, qrcode: true);
        await client.Create("q2", hooks.Url + "/ok/q2", headers: Secret, number: "5511922220002", qrcode: true);
        await client.Get("/instance/connect/qr1");
        await client.Get("/instance/connect/qlim");
        await gateway.ScanAsync("q1", "5511911110001", "Rig Phone");
        await client.Post("/message/sendText/q1", new { number = "5511999990000", text = "hi" });
        await client.Delete("/instance/logout/q1");
        // After a login the limit is told with the owner, as in the recording.
        await client.Get("/instance/connect/q1");
        await Until.True(() => hooks.Of("q1").Any(one => one.State == "refused"));
        await client.Delete("/instance/delete/qr1");
        await Until.True(() => hooks.Of("qr1").Any(one => one.Event == "remove.instance"));

        foreach (var recorded in Recording.Lines<RecordedEvent>("events.jsonl"))
        {
            var body = recorded.Body.GetRawText()
                .Replace("http://127.0.0.1:58090", hooks.Url, StringComparison.Ordinal)
                .Replace("http://127.0.0.1:58080", gateway.Url, StringComparison.Ordinal);
            using var expected = JsonDocument.Parse(body);
            var instance = expected.RootElement.GetProperty("instance").GetString()!;
            var candidates = hooks.Of(instance).Where(one => one.Event == expected.RootElement.GetProperty("event").GetString()).ToList();
            var differences = candidates.Select(one => Likeness.Differences(expected.RootElement, one.Body)).ToList();

            Assert.True(differences.Exists(one => one.Count == 0),
                $"{recorded.Id}: none of {candidates.Count} deliveries fits: {string.Join("; ", differences.MinBy(one => one.Count) ?? [])}");
            Assert.All(candidates, one => Assert.Empty(recorded.Headers.Except(one.Headers.Keys, StringComparer.OrdinalIgnoreCase)
                .Except(["Connection", "Accept-Encoding"], StringComparer.OrdinalIgnoreCase)));
        }
    }

    [Fact]
    public async Task A_whole_life_sends_the_recorded_events()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 50, QrLife = TimeSpan.FromHours(1) });
        using var client = new GatewayClient(gateway);

        await client.Create("q2", hooks.Url + "/ok/q2", number: "5511922220002", qrcode: true);
        await client.Delete("/instance/delete/q2");
        await Until.True(() => hooks.Of("q2").Count() == 8);
        await client.Create("bye", hooks.Url + "/ok/bye", byEvents: true, qrcode: true);
        // A restart would lose what is still on its way.
        await Until.True(() => hooks.Of("bye").Count() == 3 && gateway.PendingDeliveries == 0);
        await gateway.RestartAsync();
        await Until.True(() => hooks.Of("bye").Count(one => one.Event == "qrcode.updated") == 2);
        await client.Delete("/instance/delete/bye");
        await Until.True(() => hooks.Of("bye").Count() == 10);

        foreach (var name in new[] { "q2", "bye" })
        {
            // Deliveries are concurrent: the recording, too, has them out of order.
            var expected = Recording.Lines<RecordedDelivery>("sequences.jsonl").Where(one => one.Instance == name)
                .Select(one => $"{one.Path} {one.Event} {one.State}").Order();
            Assert.Equal(expected, hooks.Of(name).Select(one => $"{one.Path} {one.Event} {one.State}").Order());
            Assert.DoesNotContain(hooks.Of(name), one => one.HasSender);
        }
    }

    [Fact]
    public async Task A_jwt_key_becomes_a_signed_bearer_and_is_never_sent()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync();
        using var client = new GatewayClient(gateway);

        await client.Create("jwt", hooks.Url + "/ok", headers: new Dictionary<string, string>
        {
            ["jwt_key"] = "k3y",
            ["authorization"] = "Bearer static",
            ["x-a"] = "b"
        });
        await Until.True(() => hooks.All.Count == 1);

        var headers = hooks.All[0].Headers;
        var parts = headers["authorization"]["Bearer ".Length..].Split('.');
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes("k3y"), Encoding.UTF8.GetBytes($"{parts[0]}.{parts[1]}"));
        var claims = JsonDocument.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[1])).RootElement;
        Assert.Equal(System.Buffers.Text.Base64Url.EncodeToString(signature), parts[2]);
        Assert.Equal("""{"alg":"HS256","typ":"JWT"}""", Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0])));
        Assert.Equal(600, claims.GetProperty("exp").GetInt64() - claims.GetProperty("iat").GetInt64());
        Assert.Equal("evolution webhook", $"{claims.GetProperty("app")} {claims.GetProperty("action")}");
        Assert.Equal("b", headers["x-a"]);
        Assert.DoesNotContain("jwt_key", headers.Keys);
    }

    [Fact]
    public async Task The_suffix_of_by_events_is_swallowed_by_a_query_string()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync();
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in?code=1", byEvents: true);
        await Until.True(() => hooks.All.Count == 1);

        Assert.Equal("/in?code=1/instance-create", hooks.All[0].Path);
    }

    [Fact]
    public async Task The_moment_is_local_time_labelled_as_utc_and_the_token_can_be_hidden()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { ExposeTokens = false });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in");
        await Until.True(() => hooks.All.Count == 1);

        var body = hooks.All[0].Body;
        Assert.Equal(-3, (body.GetProperty("date_time").GetDateTimeOffset() - DateTimeOffset.UtcNow).TotalHours, 0.1);
        Assert.Equal(JsonValueKind.Null, body.GetProperty("apikey").ValueKind);
    }

    [Fact]
    public async Task The_global_webhook_gets_no_headers_and_never_hears_of_removals()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { GlobalWebhookUrl = hooks.Url + "/global" });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/own", headers: new Dictionary<string, string> { ["x-secret"] = "s" });
        await client.Delete("/instance/delete/x");
        await Until.True(() => hooks.All.Count(one => one.Path == "/own") == 3 && gateway.PendingDeliveries == 0);

        Assert.Equal(["instance.create", "instance.delete"], hooks.All.Where(one => one.Path == "/global").Select(one => one.Event).Order());
        Assert.All(hooks.All, one => Assert.Equal(one.Path == "/own", one.Headers.ContainsKey("x-secret")));
    }

    [Fact]
    public async Task Codes_rotate_until_the_limit_and_then_the_instance_is_refused()
    {
        await using var hooks = await WebhookReceiver.StartAsync();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { TimeScale = 500, QrCodeLimit = 3 });
        using var client = new GatewayClient(gateway);

        await client.Create("x", hooks.Url + "/in");
        await client.Get("/instance/connect/x");
        await Until.True(() => hooks.All.Any(one => one.State == "refused"));
        await Until.True(() => gateway.PendingDeliveries == 0);

        var codes = hooks.All.Where(one => one.Event == "qrcode.updated" && one.Body.GetProperty("data").TryGetProperty("qrcode", out _))
            .Select(one => one.Body.GetProperty("data").GetProperty("qrcode").GetProperty("code").GetString()).ToList();
        Assert.Equal(3, codes.Distinct().Count());
        Assert.Equal("close", gateway.Find("x")!.State);
        Assert.Equal(428, hooks.All.Single(one => one.State == "refused").Body.GetProperty("data").GetProperty("statusReason").GetInt32());
    }
}
