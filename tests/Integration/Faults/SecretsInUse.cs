using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Integration.Telemetry;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Everything that a host does with secrets, well and badly; what it makes itself is planted as it comes.</summary>
internal sealed class SecretsInUse(HostRig rig, HostProcess host, SecretHunt hunt)
{
    public const string Phone = "5511987650001", Customer = "5511987650002", Scanner = "5511987650003", Paired = "5511987650004", Inline = "inline-secret-of-a-bad-file-7731", WrongProof = "wrong-proof-of-a-stranger-5519";

    /// <summary>Of the webhooks of one tenant.</summary>
    public string Secret { get; private set; } = "";

    public async Task ReceiveAsync()
    {
        using var rotate = new HttpRequestMessage(HttpMethod.Post, "api/tenants/revalya/padaria/webhook-secret/rotate");
        rotate.Headers.Add("x-whatsops-key", rig.Bia.Key);
        // The one answer that may hold a secret: it is shown to who makes it, once.
        using var made = await host.Client.SendAsync(rotate);
        Secret = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["secret"]!.GetValue<string>();
        hunt.Plant("webhook secret", Secret);
        var jwt = Webhooks.Jwt(Secret);
        hunt.Plant("webhook JWT", jwt);
        const string Apikey = "apikey-in-a-webhook-body-9034", Qr = "2@QR-text-in-a-webhook-6615";
        hunt.Plant("apikey of a body", Apikey);
        hunt.Plant("QR text of a body", Qr);

        var message = Webhooks.Message("revalya-padaria", "S1", Customer).Replace("11111111-TOKEN", Apikey, StringComparison.Ordinal).Replace("5511888880000", Phone, StringComparison.Ordinal);
        var qr = Webhooks.QrCode("revalya-padaria").Replace("data:image/png;base64,AAAA", Qr, StringComparison.Ordinal).Replace("11111111-TOKEN", Apikey, StringComparison.Ordinal);
        await PostAsync(200, message, Secret);
        await PostAsync(200, message.Replace("\"S1\"", "\"S2\"", StringComparison.Ordinal), bearer: jwt);
        await PostAsync(200, qr, Secret);
        await PostAsync(200, message[..^10], Secret);
        await PostAsync(200, Webhooks.State($"revalya-{Phone}", "open"), Secret);
        await PostAsync(401, message, WrongProof);
        await PostAsync(401, message, bearer: Webhooks.Jwt(WrongProof));
        await PostAsync(401, message);
        await PostAsync(503, message, Secret, slug: "nobody");
        // A gateway set up wrongly puts its secrets and a person's number into the address.
        await PostAsync(200, qr, Secret, slug: "padaria/" + Customer);
    }

    public async Task SweepAsync(SlackReceiver slack)
    {
        Assert.Equal(200, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/sweeps")).Status);
        await Waiting.UntilAsync(() => slack.Texts.Any(text => text.Contains("acougue", StringComparison.Ordinal)));
    }

    public async Task ResetAsync()
    {
        var path = await rig.ResetAsync(host, "acougue");
        await Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person");
        await Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Ana, HttpMethod.Get, $"{path}/qr")).Status == 200);
        Assert.Equal(200, (await rig.SendAsync(host, rig.Ana, HttpMethod.Get, $"{path}/qr", accept: "text/plain")).Status);
        var shown = await GatewayAsync("instance/connect/revalya-acougue");
        hunt.Plant("QR text", shown["code"]!.GetValue<string>());
        // The head of an image is the same in all of them.
        hunt.Plant("QR image", shown["base64"]!.GetValue<string>()[400..460]);
        hunt.Plant("new instance token", (await GatewayAsync("instance/fetchInstances?instanceName=revalya-acougue"))[0]!["token"]!.GetValue<string>());
        await rig.Gateway.ScanAsync("revalya-acougue", Scanner);
        var run = await rig.EndOfAsync(host, path);
        Assert.True(run["state"]!.GetValue<string>() == "completed", run.ToJsonString());
        Assert.NotNull(run["evidence"]);
        // The new instance's own webhooks, with its token in every body, come to this host.
        await Waiting.UntilAsync(() => rig.Gateway.Deliveries.Any(delivery => delivery.Instance == "revalya-acougue" && delivery.Delivered));
    }

    public async Task PairByLinkAsync()
    {
        // Not before the sweep: with one more finding its alerts would be told together.
        await rig.SeedAsync("grafica", "close");
        var (status, run) = await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/runbooks/reauthenticate", new { system = HostRig.System, tenant = "grafica", reason = "a test", parameters = new { number = Paired } });
        Assert.True(status == 202, $"{status}: {run}");
        var path = $"api/runbooks/{run!["id"]!.GetValue<Guid>()}";
        await Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person");
        using var make = new HttpRequestMessage(HttpMethod.Post, $"{path}/link");
        make.Headers.Add("x-whatsops-key", rig.Ana.Key);
        // Like the rotation's: the one answer that may hold it.
        using var made = await host.Client.SendAsync(make);
        var link = new Uri(JsonNode.Parse(await made.Content.ReadAsStringAsync())!["url"]!.GetValue<string>()).AbsolutePath.TrimStart('/');
        hunt.Plant("pairing token", link[(link.LastIndexOf('/') + 1)..]);
        var shown = await GatewayAsync("instance/connect/revalya-grafica");
        hunt.Plant("QR text of a link", shown["code"]!.GetValue<string>());
        foreach (var asked in (string[])["", "/code"])
        {
            // Not kept among the answers under its address; the page has no token in it, the code is what it is for.
            using var answer = await host.Client.GetAsync(new Uri(link + asked, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (asked.Length == 0) rig.Answers.Enqueue(("the pairing page", $"{answer.Headers}{await answer.Content.ReadAsStringAsync()}"));
        }

        await rig.Gateway.ScanAsync("revalya-grafica", Paired);
        Assert.Equal("completed", (await rig.EndOfAsync(host, path))["state"]!.GetValue<string>());
        using var used = await host.Client.GetAsync(new Uri(link, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, used.StatusCode);
    }

    public async Task FailAsync()
    {
        rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 401, Path = "/instance/create" });
        var run = await rig.EndOfAsync(host, await rig.ResetAsync(host, "mercado"));
        Assert.Equal("compensated", run["state"]!.GetValue<string>());
        rig.Gateway.ClearFaults();
    }

    public async Task ApplyBadFleetsAsync()
    {
        foreach (var (path, text) in new[] { ("apiKey", Inline), ("url", $"http://user:{Inline}@127.0.0.1:1/?key={Inline}") })
        {
            var bad = rig.Fleet.DeepClone();
            bad["systems"]![0]!["gateways"]![0]![path] = text;
            Assert.Equal(400, (await rig.SendAsync(host, rig.Bia, HttpMethod.Put, "api/fleet", bad)).Status);
        }

        foreach (var text in new[] { $"Host=127.0.0.1;Username=u;Password={Inline}", $"nonsense {Inline}" })
        {
            var bad = rig.Fleet.DeepClone();
            bad["systems"]![0]!["tenantDirectory"]!["connectionString"] = text;
            Assert.Equal(400, (await rig.SendAsync(host, rig.Bia, HttpMethod.Put, "api/fleet", bad)).Status);
        }

        var cut = new StringContent(rig.Fleet.ToJsonString().Replace("${env:GATEWAY_KEY}", Inline, StringComparison.Ordinal)[..^20], Encoding.UTF8, "application/json");
        Assert.Equal(400, (await rig.SendAsync(host, rig.Bia, HttpMethod.Put, "api/fleet", cut)).Status);
    }

    /// <summary>Once well, once with a gateway that has changed its key and a product that lets nobody in.</summary>
    /// <param name="login">WhatsOps' own at the product's database.</param>
    public async Task DoctorAsync(string login)
    {
        Assert.Equal(200, (await rig.SendAsync(host, rig.Vera, HttpMethod.Post, "api/doctor")).Status);
        rig.Gateway.ApiKey = "another-key-that-nobody-told-us";
        await rig.Product.ExecuteAsync($"ALTER ROLE {login} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{login}'");
        Assert.Equal(200, (await rig.SendAsync(host, rig.Vera, HttpMethod.Post, "api/doctor")).Status);
        Assert.Equal(200, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/sweeps")).Status);
    }

    public async Task ReadEverythingAsync()
    {
        foreach (var path in (string[])
        [
            "findings", "findings/1", "events?system=revalya&tenant=padaria", "runbooks", "runbooks/catalogue", "fleet", "fleet/versions", "pause", "systems", "openapi.json",
            "sweeps/latest", "tenants/revalya/padaria/timeline", "tenants/revalya/acougue/timeline", "health/ready", "health/live",
        ])
            Assert.Equal((path, 200), (path, (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, $"api/{path}")).Status));
        foreach (var path in (string[])["admin/functions", "admin/host/status"])
            Assert.Equal(401, (await rig.SendAsync(host, rig.Vera, HttpMethod.Get, path)).Status);
        Assert.Equal(401, (await rig.SendAsync(host, null, HttpMethod.Get, $"api/fleet?code={WrongProof}")).Status);
        await HostRig.InvokeAsync(host, "RunReconciler");
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>("SELECT count(*) = 0 FROM whatsops.alert_outbox WHERE sent_at IS NULL AND dead_at IS NULL"), 60);
    }

    private async Task PostAsync(int expected, string body, string? secret = null, string? bearer = null, string slug = "padaria")
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/whatsapp/webhook/{slug}") { Content = content };
        if (secret is not null) request.Headers.Add("x-whatsops-secret", secret);
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        using var response = await host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        rig.Answers.Enqueue(("webhook", $"{response.Headers}{text}"));
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode} instead of {expected}: {text}");
    }

    private async Task<JsonNode> GatewayAsync(string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{rig.Gateway.Url}/{path}");
        request.Headers.Add("apikey", rig.Gateway.ApiKey);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }
}
