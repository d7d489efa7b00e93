using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Npgsql;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Integration.Events;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Integration.Telemetry;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// The whole host does everything it can, well and badly, on a fleet full of planted secrets. Afterwards each of them is looked for in every table,
/// every blob, everything that was printed or exported as telemetry, every alert and every answer.
/// </summary>
public sealed class SecretsTests(ITestOutputHelper output)
{
    private const string Phone = "5511987650001", Customer = "5511987650002", Scanner = "5511987650003", Paired = "5511987650004", Inline = "inline-secret-of-a-bad-file-7731", WrongProof = "wrong-proof-of-a-stranger-5519";

    private readonly SecretHunt _hunt = new();
    private HostRig _rig = null!;
    private HostProcess _host = null!;
    private string _gatewayKey = "";
    private string _login = "";
    private string _secret = "";

    [Fact]
    public async Task Planted_secrets_are_found_nowhere()
    {
        await using var slack = await SlackReceiver.StartAsync();
        await using var collector = await OtlpCollector.StartAsync();
        await using var operations = await Databases.OperationsAsync();
        await using var product = await Databases.RevalyaAsync();
        var login = await ProductLoginAsync(product);
        await using var rig = _rig = await HostRig.CreateAsync(operations.ConnectionString, new()
        {
            Product = product, ProductLogin = login,
            Alerts = new
            {
                routes = new object[]
                {
                    new { name = "log", kind = "log", minSeverity = "info" }, new { name = "on-call", kind = "slack", url = "${env:SLACK_URL}", minSeverity = "info" },
                    new { name = "hook", kind = "webhook", url = "${env:SLACK_URL}", secret = "${env:HOOK_SECRET}", minSeverity = "info" },
                },
                heartbeatUrl = "${env:HEARTBEAT_URL}",
            },
            Settings = new Dictionary<string, string>(collector.Settings)
            {
                ["SLACK_URL"] = slack.Url, ["HOOK_SECRET"] = "planted-hook-secret-2287", ["HEARTBEAT_URL"] = slack.Url.Replace("/services/T000/B000/planted-slack-secret", "/beat/planted-heartbeat-4402", StringComparison.Ordinal),
                // The most that can be printed, not only what usually is.
                ["Logging__LogLevel__Default"] = "Trace", ["EmbeddedHost__MasterKey"] = HostProcess.MasterKey, ["EmbeddedHost__FunctionKey"] = HostProcess.FunctionKey,
            },
        });
        _login = new NpgsqlConnectionStringBuilder(login).Username!;
        PlantFixed(operations, login);
        foreach (var (slug, state) in new[] { ("padaria", "open"), ("acougue", "close"), ("mercado", "open") })
        {
            var token = $"token-of-{slug}-{Guid.NewGuid():N}";
            _hunt.Plant($"instance token of {slug}", token);
            await rig.SeedAsync(slug, state, new() { Name = $"revalya-{slug}", State = state, Token = token, Owner = Phone, DisconnectionReasonCode = state == "close" ? 401 : null });
        }

        _host = await rig.StartHostAsync();
        await ReceiveAsync();
        await SweepAsync(slack);
        await ResetAsync();
        await PairByLinkAsync();
        await FailAsync();
        await ApplyBadFleetsAsync();
        await DoctorAsync();
        await ReadEverythingAsync();
        Assert.Equal(0, await _host.StopAsync());

        await AssertFoundNowhereAsync(slack, collector);
        await AssertCanFindAsync();
    }

    private void PlantFixed(TestDatabase operations, string login)
    {
        _hunt.Plant("gateway key", _gatewayKey = _rig.Gateway.ApiKey);
        _hunt.Plant("product database password", new NpgsqlConnectionStringBuilder(login).Password);
        _hunt.Plant("operations database password", new NpgsqlConnectionStringBuilder(operations.ConnectionString).Password);
        _hunt.Plant("blob account key", _rig.Blobs.Split("AccountKey=")[1].Split(';')[0]);
        _hunt.Plant("data key file", _rig.DataKey);
        _hunt.Plant("data key", Convert.FromBase64String(_rig.DataKey));
        _hunt.Plant("master key", HostProcess.MasterKey);
        _hunt.Plant("function key", HostProcess.FunctionKey);
        foreach (var (name, key) in new[] { ("vera", _rig.Vera), ("ana", _rig.Ana), ("bia", _rig.Bia) }) _hunt.Plant($"operator key of {name}", key.Key);
        _hunt.Plant("slack URL", "planted-slack-secret");
        _hunt.Plant("secret that signs alerts", "planted-hook-secret-2287");
        _hunt.Plant("heartbeat URL", "planted-heartbeat-4402");
        _hunt.Plant("phone of a tenant", Phone);
        _hunt.Plant("phone of a customer", Customer);
        _hunt.Plant("phone that scanned", Scanner);
        _hunt.Plant("phone of a pairing code", Paired);
        _hunt.Plant("secret in a refused fleet file", Inline);
        _hunt.Plant("wrong proof of a webhook", WrongProof);
    }

    private async Task ReceiveAsync()
    {
        using var rotate = new HttpRequestMessage(HttpMethod.Post, "api/tenants/revalya/padaria/webhook-secret/rotate");
        rotate.Headers.Add("x-whatsops-key", _rig.Bia.Key);
        // The one answer that may hold a secret: it is shown to who makes it, once.
        using var made = await _host.Client.SendAsync(rotate);
        _secret = JsonNode.Parse(await made.Content.ReadAsStringAsync())!["secret"]!.GetValue<string>();
        _hunt.Plant("webhook secret", _secret);
        var jwt = Webhooks.Jwt(_secret);
        _hunt.Plant("webhook JWT", jwt);
        const string Apikey = "apikey-in-a-webhook-body-9034", Qr = "2@QR-text-in-a-webhook-6615";
        _hunt.Plant("apikey of a body", Apikey);
        _hunt.Plant("QR text of a body", Qr);

        var message = Webhooks.Message("revalya-padaria", "S1", Customer).Replace("11111111-TOKEN", Apikey, StringComparison.Ordinal).Replace("5511888880000", Phone, StringComparison.Ordinal);
        var qr = Webhooks.QrCode("revalya-padaria").Replace("data:image/png;base64,AAAA", Qr, StringComparison.Ordinal).Replace("11111111-TOKEN", Apikey, StringComparison.Ordinal);
        await PostAsync(200, message, _secret);
        await PostAsync(200, message.Replace("\"S1\"", "\"S2\"", StringComparison.Ordinal), bearer: jwt);
        await PostAsync(200, qr, _secret);
        await PostAsync(200, message[..^10], _secret);
        await PostAsync(200, Webhooks.State($"revalya-{Phone}", "open"), _secret);
        await PostAsync(401, message, WrongProof);
        await PostAsync(401, message, bearer: Webhooks.Jwt(WrongProof));
        await PostAsync(401, message);
        await PostAsync(503, message, _secret, slug: "nobody");
        // A gateway set up wrongly puts its secrets and a person's number into the address.
        await PostAsync(200, qr, _secret, slug: "padaria/" + Customer);
    }

    private async Task PostAsync(int expected, string body, string? secret = null, string? bearer = null, string slug = "padaria")
    {
        var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/whatsapp/webhook/{slug}") { Content = content };
        if (secret is not null) request.Headers.Add("x-whatsops-secret", secret);
        if (bearer is not null) request.Headers.Authorization = new("Bearer", bearer);
        using var response = await _host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        _rig.Answers.Enqueue(("webhook", $"{response.Headers}{text}"));
        Assert.True((int)response.StatusCode == expected, $"{(int)response.StatusCode} instead of {expected}: {text}");
    }

    private async Task SweepAsync(SlackReceiver slack)
    {
        Assert.Equal(200, (await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Post, "api/sweeps")).Status);
        await Waiting.UntilAsync(() => slack.Texts.Any(text => text.Contains("acougue", StringComparison.Ordinal)));
    }

    private async Task ResetAsync()
    {
        var path = await _rig.ResetAsync(_host, "acougue");
        await Waiting.UntilAsync(async () => (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person");
        await Waiting.UntilAsync(async () => (await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Get, $"{path}/qr")).Status == 200);
        Assert.Equal(200, (await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Get, $"{path}/qr", accept: "text/plain")).Status);
        var shown = await GatewayAsync("instance/connect/revalya-acougue");
        _hunt.Plant("QR text", shown["code"]!.GetValue<string>());
        // The head of an image is the same in all of them.
        _hunt.Plant("QR image", shown["base64"]!.GetValue<string>()[400..460]);
        _hunt.Plant("new instance token", (await GatewayAsync("instance/fetchInstances?instanceName=revalya-acougue"))[0]!["token"]!.GetValue<string>());
        await _rig.Gateway.ScanAsync("revalya-acougue", Scanner);
        var run = await _rig.EndOfAsync(_host, path);
        Assert.True(run["state"]!.GetValue<string>() == "completed", run.ToJsonString());
        Assert.NotNull(run["evidence"]);
        // The new instance's own webhooks, with its token in every body, come to this host.
        await Waiting.UntilAsync(() => _rig.Gateway.Deliveries.Any(delivery => delivery.Instance == "revalya-acougue" && delivery.Delivered));
    }

    private async Task PairByLinkAsync()
    {
        // Not before the sweep: with one more finding its alerts would be told together.
        await _rig.SeedAsync("grafica", "close");
        var (status, run) = await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Post, "api/runbooks/reauthenticate", new { system = HostRig.System, tenant = "grafica", reason = "a test", parameters = new { number = Paired } });
        Assert.True(status == 202, $"{status}: {run}");
        var path = $"api/runbooks/{run!["id"]!.GetValue<Guid>()}";
        await Waiting.UntilAsync(async () => (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person");
        using var make = new HttpRequestMessage(HttpMethod.Post, $"{path}/link");
        make.Headers.Add("x-whatsops-key", _rig.Ana.Key);
        // Like the rotation's: the one answer that may hold it.
        using var made = await _host.Client.SendAsync(make);
        var link = new Uri(JsonNode.Parse(await made.Content.ReadAsStringAsync())!["url"]!.GetValue<string>()).AbsolutePath.TrimStart('/');
        _hunt.Plant("pairing token", link[(link.LastIndexOf('/') + 1)..]);
        var shown = await GatewayAsync("instance/connect/revalya-grafica");
        _hunt.Plant("QR text of a link", shown["code"]!.GetValue<string>());
        foreach (var asked in (string[])["", "/code"])
        {
            // Not kept among the answers under its address; the page has no token in it, the code is what it is for.
            using var answer = await _host.Client.GetAsync(new Uri(link + asked, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            if (asked.Length == 0) _rig.Answers.Enqueue(("the pairing page", $"{answer.Headers}{await answer.Content.ReadAsStringAsync()}"));
        }

        await _rig.Gateway.ScanAsync("revalya-grafica", Paired);
        Assert.Equal("completed", (await _rig.EndOfAsync(_host, path))["state"]!.GetValue<string>());
        using var used = await _host.Client.GetAsync(new Uri(link, UriKind.Relative));
        Assert.Equal(HttpStatusCode.NotFound, used.StatusCode);
    }

    private async Task FailAsync()
    {
        _rig.Gateway.SetFault(new() { Kind = FaultKind.Status, Status = 401, Path = "/instance/create" });
        var run = await _rig.EndOfAsync(_host, await _rig.ResetAsync(_host, "mercado"));
        Assert.Equal("compensated", run["state"]!.GetValue<string>());
        _rig.Gateway.ClearFaults();
    }

    private async Task ApplyBadFleetsAsync()
    {
        foreach (var (path, text) in new[] { ("apiKey", Inline), ("url", $"http://user:{Inline}@127.0.0.1:1/?key={Inline}") })
        {
            var bad = _rig.Fleet.DeepClone();
            bad["systems"]![0]!["gateways"]![0]![path] = text;
            Assert.Equal(400, (await _rig.SendAsync(_host, _rig.Bia, HttpMethod.Put, "api/fleet", bad)).Status);
        }

        foreach (var text in new[] { $"Host=127.0.0.1;Username=u;Password={Inline}", $"nonsense {Inline}" })
        {
            var bad = _rig.Fleet.DeepClone();
            bad["systems"]![0]!["tenantDirectory"]!["connectionString"] = text;
            Assert.Equal(400, (await _rig.SendAsync(_host, _rig.Bia, HttpMethod.Put, "api/fleet", bad)).Status);
        }

        var cut = new StringContent(_rig.Fleet.ToJsonString().Replace("${env:GATEWAY_KEY}", Inline, StringComparison.Ordinal)[..^20], Encoding.UTF8, "application/json");
        Assert.Equal(400, (await _rig.SendAsync(_host, _rig.Bia, HttpMethod.Put, "api/fleet", cut)).Status);
    }

    // Once well, once with a gateway that has changed its key and a product that lets nobody in.
    private async Task DoctorAsync()
    {
        Assert.Equal(200, (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Post, "api/doctor")).Status);
        _rig.Gateway.ApiKey = "another-key-that-nobody-told-us";
        await ExecuteAsync(_rig.Product, $"ALTER ROLE {_login} NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{_login}'");
        Assert.Equal(200, (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Post, "api/doctor")).Status);
        Assert.Equal(200, (await _rig.SendAsync(_host, _rig.Ana, HttpMethod.Post, "api/sweeps")).Status);
    }

    private async Task ReadEverythingAsync()
    {
        foreach (var path in (string[])
        [
            "findings", "findings/1", "events?system=revalya&tenant=padaria", "runbooks", "runbooks/catalogue", "fleet", "fleet/versions", "pause", "systems", "openapi.json",
            "sweeps/latest", "tenants/revalya/padaria/timeline", "tenants/revalya/acougue/timeline", "health/ready", "health/live",
        ])
            Assert.Equal((path, 200), (path, (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, $"api/{path}")).Status));
        foreach (var path in (string[])["admin/functions", "admin/host/status"])
            Assert.Equal(401, (await _rig.SendAsync(_host, _rig.Vera, HttpMethod.Get, path)).Status);
        Assert.Equal(401, (await _rig.SendAsync(_host, null, HttpMethod.Get, $"api/fleet?code={WrongProof}")).Status);
        await HostRig.InvokeAsync(_host, "RunReconciler");
        await Waiting.UntilAsync(() => _rig.ScalarAsync<bool>("SELECT count(*) = 0 FROM whatsops.alert_outbox WHERE sent_at IS NULL AND dead_at IS NULL"), 60);
    }

    private async Task AssertFoundNowhereAsync(SlackReceiver slack, OtlpCollector collector)
    {
        await _hunt.LookInDatabaseAsync(_rig.Database, "whatsops", "durable");
        var blobs = await _hunt.LookInBlobsAsync(Container);
        Assert.True(blobs >= 2, $"{blobs} blobs: the evidence of both runs is missing");
        _hunt.Look("what the host printed", _host.Output + _host.Errors);
        foreach (var (path, body) in collector.Bodies) _hunt.Look($"telemetry ({path})", body);
        Assert.Equal(["/v1/logs", "/v1/metrics", "/v1/traces"], collector.Bodies.Select(sent => sent.Path).Distinct().Order(StringComparer.Ordinal));
        foreach (var alert in slack.Bodies) _hunt.Look("an alert", alert.GetRawText());
        foreach (var (asked, answer) in _rig.Answers) _hunt.Look($"the answer to {asked}", answer);
        output.WriteLine($"{_hunt.Names.Count} secrets looked for in {_hunt.Places} places ({_rig.Answers.Count} answers, {slack.Bodies.Count} alerts, {blobs} blobs, {_host.Output.Length} characters printed)");
        Assert.True(_hunt.Found.Count == 0, string.Join('\n', _hunt.Found));
    }

    // A hunt that finds nothing proves nothing unless it finds what is there.
    private async Task AssertCanFindAsync()
    {
        var bytes = Encoding.UTF8.GetBytes(_gatewayKey + _secret);
        await _rig.ExecuteAsync("CREATE TABLE whatsops.scratch (a text, b bytea, c jsonb, d text[], e text)");
        await using (var insert = _rig.Database.CreateCommand("INSERT INTO whatsops.scratch VALUES ($1, $2, $3::jsonb, $4, $5)"))
        {
            foreach (var value in new object[] { $"x{Phone}x", bytes, $$"""{"x":"{{_rig.Ana.Key}}"}""", new[] { _secret }, $"x{Convert.ToBase64String(Encoding.UTF8.GetBytes("?" + _rig.DataKey))}" })
                insert.Parameters.Add(new() { Value = value });
            await insert.ExecuteNonQueryAsync();
        }

        await Container.GetBlobClient("scratch").UploadAsync(BinaryData.FromString(Customer));
        await _hunt.LookInDatabaseAsync(_rig.Database, "whatsops", "durable");
        await _hunt.LookInBlobsAsync(Container);
        Assert.Equal(
            [
                "data key file in whatsops.scratch.e", "gateway key in whatsops.scratch.b", "operator key of ana in whatsops.scratch.c", "phone of a customer in blob scratch", "phone of a tenant in whatsops.scratch.a",
                "webhook secret in whatsops.scratch.b", "webhook secret in whatsops.scratch.d",
            ],
            _hunt.Found);
    }

    private BlobContainerClient Container => new(_rig.Blobs, _rig.Container);

    private async Task<JsonNode> GatewayAsync(string path)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{_rig.Gateway.Url}/{path}");
        request.Headers.Add("apikey", _rig.Gateway.ApiKey);
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    // A login of WhatsOps' own at the product's database, as docs ask for, so that its password is nobody else's.
    private static async Task<string> ProductLoginAsync(TestDatabase product)
    {
        var login = new NpgsqlConnectionStringBuilder(product.ConnectionString)
        {
            Username = $"whatsops_{Guid.NewGuid():N}"[..20], Password = "product-password-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        };
        await ExecuteAsync(product, $"CREATE ROLE {login.Username} LOGIN SUPERUSER PASSWORD '{login.Password}'");
        return login.ConnectionString;
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
