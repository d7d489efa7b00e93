using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Gateways;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>A TaktChat in the real host: what a sweep finds, what runbooks mend and prove, and what is refused with its reason.</summary>
public sealed class TaktChatHostTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("whatsops-taktchat-").FullName;
    private readonly OperatorKey _ana = OperatorKey.Create();
    private TaktChatWorld _world = null!;
    private TestDatabase _operations = null!;
    private HostProcess _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await TaktChatWorld.StartAsync();
        _operations = await Databases.OperationsAsync();
        var port = FreePort.Next();
        await File.WriteAllTextAsync(Path.Combine(_folder, "fleet.json"), Fleet(port).ToJsonString());
        PrivateFile.Write(Path.Combine(_folder, "data-key"), Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        _host = HostProcess.Start(new Dictionary<string, string>
        {
            ["OperationsDatabase"] = _operations.ConnectionString, ["BlobStorage"] = (await TestServers.AzuriteAsync()).ConnectionString, ["BlobContainer"] = $"c{Guid.NewGuid():N}",
            ["DataKeyFile"] = Path.Combine(_folder, "data-key"), ["FleetFile"] = Path.Combine(_folder, "fleet.json"), ["RunbookTimeScale"] = "0.02",
            ["TAKT_EMAIL"] = TaktChatWorld.Email, ["TAKT_PASSWORD"] = TaktChatWorld.Password, ["TAKT_DATABASE"] = _world.Database.ConnectionString,
        }, port: port);
        await _host.UntilAnswersAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _host.Dispose();
        await _operations.DisposeAsync();
        await _world.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    [Capability("R-011")]
    [Capability("R-012")]
    public async Task A_sweep_finds_what_is_not_CONNECTED_and_a_restart_is_proven_by_reading_back()
    {
        await _world.Gateway.SeedAsync(1, 7);
        await _world.Gateway.SeedAsync(1, 8, "DISCONNECTED", hasKeys: true);
        await _world.Gateway.SeedAsync(1, 9, "DISCONNECTED");
        await _world.Gateway.SeedAsync(12, 10, "qrcode");
        await _world.Gateway.SeedAsync(13, 11, "DISCONNECTED");
        await _world.ExecuteAsync("""UPDATE "Companies" SET status = false WHERE id = 13""");

        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["instance_logged_out 12-10", "instance_not_open 1-8", "instance_not_open 1-9"], await FindingsAsync());
        Assert.Equal(1, _world.Gateway.Users.Single().Logins);

        var reconnected = await RunAsync("reconnect", "1-8");
        Assert.True(reconnected["state"]!.GetValue<string>() == "completed", reconnected.ToJsonString());
        Assert.Equal("CONNECTED", _world.Gateway.Lines.Single(line => line.Id == 8).Status);
        // Without its keys a start only shows a code: a person is needed, and the run says so instead of waiting.
        var shows = await RunAsync("reconnect", "1-9");
        Assert.NotEqual("completed", shows["state"]!.GetValue<string>());
        Assert.Contains("reauthenticate", shows["failure"]!.GetValue<string>(), StringComparison.Ordinal);

        Assert.Equal("completed", (await RunAsync("restart-instance", "1-8", _world.Gateway.DropAsync))["state"]!.GetValue<string>());
        Assert.Equal("CONNECTED", _world.Gateway.Lines.Single(line => line.Id == 8).Status);
        Assert.Equal(1, _world.Gateway.Users.Single().Logins);
        await NothingIsWrittenDownAsync();
    }

    [Fact]
    [Capability("R-013", HumanTask = true)]
    public async Task A_wiped_session_is_paired_again_on_the_page_with_its_code_and_proven_by_CONNECTED()
    {
        await _world.Gateway.SeedAsync(1, 7);
        await _world.Gateway.KickAsync(7);
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["instance_logged_out 1-7"], await FindingsAsync());

        var (status, run) = await SendAsync(HttpMethod.Post, "api/runbooks/reauthenticate", new { system = "takt", tenant = "1-7", reason = "a test" });
        Assert.True(status == 202, $"{status}: {run}");
        var path = $"api/runbooks/{run!["id"]!.GetValue<Guid>()}";
        await Waiting.UntilAsync(async () => (await SendAsync(HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person", 60, "the run to wait for a person");
        var (made, link) = await SendAsync(HttpMethod.Post, $"{path}/link");
        Assert.Equal(201, made);
        var page = new Uri(link!["url"]!.GetValue<string>()).PathAndQuery.TrimStart('/');
        JsonNode? code = null;
        await Waiting.UntilAsync(async () => (code = (await SendAsync(HttpMethod.Get, $"{page}/code")).Body)?["qr"] is not null, 60, "a code on the page");
        Assert.StartsWith("data:image/png;base64,iVBOR", code!["qr"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("PUT /whatsappsession/7", _world.Gateway.Calls);

        var shown = _world.Gateway.Lines.Single().Code!;
        await _world.Gateway.ScanAsync(7);
        var ended = await EndOfAsync(path);
        Assert.True(ended["state"]!.GetValue<string>() == "completed", ended.ToJsonString());
        Assert.Equal("CONNECTED", _world.Gateway.Lines.Single().Status);
        await NothingIsWrittenDownAsync(shown);
    }

    [Theory]
    [InlineData("create-instance", "1-7", "numbers a connection itself")]
    [InlineData("repair-webhook", "1-7", "no webhook per connection")]
    [InlineData("save-integration", "1-7", "rows of the product itself")]
    [InlineData("reset-integration", "1-7", "its tenants are the instances themselves")]
    [InlineData("reconnect", "12-8", "no account of company 12")]
    public async Task What_cannot_work_there_is_refused_before_anything_is_planned(string runbook, string tenant, string why)
    {
        await _world.Gateway.SeedAsync(1, 7);
        await _world.Gateway.SeedAsync(12, 8, "DISCONNECTED", hasKeys: true);
        var (status, answer) = await SendAsync(HttpMethod.Post, $"api/runbooks/{runbook}", new { system = "takt", tenant, reason = "a test" });
        Assert.Equal(409, status);
        Assert.Contains(why, answer!.ToJsonString(), StringComparison.Ordinal);
        // The clock may sweep meanwhile; nothing acts.
        Assert.DoesNotContain(_world.Gateway.Calls, call => call.Contains("session/", StringComparison.Ordinal) || call.Contains("restart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_account_is_one_finding_in_TaktChats_words_and_no_tenant_is_called_down()
    {
        await _world.Gateway.SeedAsync(1, 7, "DISCONNECTED");
        _world.Gateway.Users.Single().Refusal = (401, "ERR_OUT_OF_HOURS");
        Assert.Equal(200, (await SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["gateway_unauthorized "], await FindingsAsync());
        var (_, body) = await SendAsync(HttpMethod.Get, "api/findings");
        Assert.Contains("give it none in TaktChat", body!.ToJsonString(), StringComparison.Ordinal);
    }

    // No token of a session, password, token of a connection or code may reach the operations database.
    private async Task NothingIsWrittenDownAsync(params string[] codes)
    {
        string[] secrets = [TaktChatWorld.Password, .. _world.Gateway.Tokens, .. _world.Gateway.Lines.Select(line => line.Token), .. codes];
        Assert.NotEmpty(_world.Gateway.Tokens);
        var tables = new List<string>();
        await using (var command = _operations.DataSource.CreateCommand("SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_schema IN ('whatsops', 'durable')"))
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        foreach (var table in tables)
        {
            await using var search = _operations.DataSource.CreateCommand($"SELECT count(*) FROM {table} t, unnest($1::text[]) secret WHERE strpos(t::text, secret) > 0");
            search.Parameters.Add(new() { Value = secrets });
            Assert.True((long)(await search.ExecuteScalarAsync())! == 0, table);
        }
    }

    private async Task<IReadOnlyList<string>> FindingsAsync()
    {
        var (status, body) = await SendAsync(HttpMethod.Get, "api/findings");
        Assert.Equal(200, status);
        var list = body as JsonArray ?? body!["findings"]!.AsArray();
        return [.. list.Select(one => $"{one!["kind"]} {one["tenant"]}").Order(StringComparer.Ordinal)];
    }

    private async Task<JsonNode> RunAsync(string runbook, string tenant, Func<int, Task>? first = null)
    {
        if (first is not null) await first(int.Parse(tenant.Split('-')[1], System.Globalization.CultureInfo.InvariantCulture));
        var (status, run) = await SendAsync(HttpMethod.Post, $"api/runbooks/{runbook}", new { system = "takt", tenant, reason = "a test" });
        Assert.True(status == 202, $"{status}: {run}");
        return await EndOfAsync($"api/runbooks/{run!["id"]!.GetValue<Guid>()}");
    }

    private async Task<JsonNode> EndOfAsync(string path)
    {
        JsonNode? ended = null;
        await Waiting.UntilAsync(async () =>
        {
            (_, ended) = await SendAsync(HttpMethod.Get, path);
            return ended!["final"]!.GetValue<bool>();
        }, 60, "the run to end");
        return ended!;
    }

    private async Task<(int Status, JsonNode? Body)> SendAsync(HttpMethod method, string path, object? body = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("x-whatsops-key", _ana.Key);
        using var response = await _host.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    private JsonNode Fleet(int port) => System.Text.Json.JsonSerializer.SerializeToNode(new
    {
        systems = new[]
        {
            new
            {
                name = "takt", kind = "taktchat",
                gateways = new[] { new { name = "main", url = _world.Gateway.Url, accounts = new[] { new { company = 1, email = "${env:TAKT_EMAIL}", password = "${env:TAKT_PASSWORD}" } } } },
                tenantDirectory = new { kind = "taktchat", connectionString = "${env:TAKT_DATABASE}" },
            },
        },
        alerts = new { publicUrl = $"http://127.0.0.1:{port}" },
        operators = new[] { new { name = "ana", role = "approver", keyHash = _ana.Hash } },
    })!;
}
