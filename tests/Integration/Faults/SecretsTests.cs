using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using Npgsql;
using WhatsOps.Tests.Integration.Alerts;
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
    private readonly SecretHunt _hunt = new();
    private HostRig _rig = null!;
    private HostProcess _host = null!;
    private string _gatewayKey = "";
    private SecretsInUse _use = null!;

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
        PlantFixed(operations, login);
        foreach (var (slug, state) in new[] { ("padaria", "open"), ("acougue", "close"), ("mercado", "open") })
        {
            var token = $"token-of-{slug}-{Guid.NewGuid():N}";
            _hunt.Plant($"instance token of {slug}", token);
            await rig.SeedAsync(slug, state, new() { Name = $"revalya-{slug}", State = state, Token = token, Owner = SecretsInUse.Phone, DisconnectionReasonCode = state == "close" ? 401 : null });
        }

        _host = await rig.StartHostAsync();
        _use = new(rig, _host, _hunt);
        await _use.ReceiveAsync();
        await _use.SweepAsync(slack);
        await _use.ResetAsync();
        await _use.PairByLinkAsync();
        await _use.FailAsync();
        await _use.ApplyBadFleetsAsync();
        await _use.DoctorAsync(new NpgsqlConnectionStringBuilder(login).Username!);
        await _use.ReadEverythingAsync();
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
        _hunt.Plant("phone of a tenant", SecretsInUse.Phone);
        _hunt.Plant("phone of a customer", SecretsInUse.Customer);
        _hunt.Plant("phone that scanned", SecretsInUse.Scanner);
        _hunt.Plant("phone of a pairing code", SecretsInUse.Paired);
        _hunt.Plant("secret in a refused fleet file", SecretsInUse.Inline);
        _hunt.Plant("wrong proof of a webhook", SecretsInUse.WrongProof);
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
        var bytes = Encoding.UTF8.GetBytes(_gatewayKey + _use.Secret);
        await _rig.ExecuteAsync("CREATE TABLE whatsops.scratch (a text, b bytea, c jsonb, d text[], e text)");
        await using (var insert = _rig.Database.CreateCommand("INSERT INTO whatsops.scratch VALUES ($1, $2, $3::jsonb, $4, $5)"))
        {
            foreach (var value in new object[] { $"x{SecretsInUse.Phone}x", bytes, $$"""{"x":"{{_rig.Ana.Key}}"}""", new[] { _use.Secret }, $"x{Convert.ToBase64String(Encoding.UTF8.GetBytes("?" + _rig.DataKey))}" })
                insert.Parameters.Add(new() { Value = value });
            await insert.ExecuteNonQueryAsync();
        }

        await Container.GetBlobClient("scratch").UploadAsync(BinaryData.FromString(SecretsInUse.Customer));
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

    // A login of WhatsOps' own at the product's database, as docs ask for, so that its password is nobody else's.
    private static async Task<string> ProductLoginAsync(TestDatabase product)
    {
        var login = new NpgsqlConnectionStringBuilder(product.ConnectionString)
        {
            Username = $"whatsops_{Guid.NewGuid():N}"[..20], Password = "product-password-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
        };
        await product.ExecuteAsync($"CREATE ROLE {login.Username} LOGIN SUPERUSER PASSWORD '{login.Password}'");
        return login.ConnectionString;
    }
}
