using System.Text.Json.Nodes;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Gateways;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>A TaktChat in the real host: what a sweep finds, what runbooks mend and prove, and what is refused with its reason.</summary>
public sealed class TaktChatHostTests : IAsyncLifetime
{
    private TaktChatWorld _world = null!;
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await TaktChatWorld.StartAsync();
        _host = await FleetHost.StartAsync("takt", Fleet, new Dictionary<string, string>
        {
            ["TAKT_EMAIL"] = TaktChatWorld.Email, ["TAKT_PASSWORD"] = TaktChatWorld.Password, ["TAKT_DATABASE"] = _world.Database.ConnectionString,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _world.DisposeAsync();
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

        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["instance_logged_out 12-10", "instance_not_open 1-8", "instance_not_open 1-9"], await FindingsAsync());
        Assert.Equal(1, _world.Gateway.Users.Single().Logins);

        var reconnected = await _host.RunAsync("reconnect", "1-8");
        Assert.True(reconnected["state"]!.GetValue<string>() == "completed", reconnected.ToJsonString());
        Assert.Equal("CONNECTED", _world.Gateway.Lines.Single(line => line.Id == 8).Status);
        // Without its keys a start only shows a code: a person is needed, and the run says so instead of waiting.
        var shows = await _host.RunAsync("reconnect", "1-9");
        Assert.NotEqual("completed", shows["state"]!.GetValue<string>());
        Assert.Contains("reauthenticate", shows["failure"]!.GetValue<string>(), StringComparison.Ordinal);

        await _world.Gateway.DropAsync(8);
        Assert.Equal("completed", (await _host.RunAsync("restart-instance", "1-8"))["state"]!.GetValue<string>());
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
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["instance_logged_out 1-7"], await FindingsAsync());

        var (status, run) = await _host.AskAsync("reauthenticate", "1-7");
        Assert.True(status == 202, $"{status}: {run}");
        var path = $"api/runbooks/{run!["id"]!.GetValue<Guid>()}";
        await Waiting.UntilAsync(async () => (await _host.SendAsync(HttpMethod.Get, path)).Body!["state"]!.GetValue<string>() == "waiting_person", 60, "the run to wait for a person");
        var (made, link) = await _host.SendAsync(HttpMethod.Post, $"{path}/link");
        Assert.Equal(201, made);
        var page = new Uri(link!["url"]!.GetValue<string>()).PathAndQuery.TrimStart('/');
        JsonNode? code = null;
        await Waiting.UntilAsync(async () => (code = (await _host.SendAsync(HttpMethod.Get, $"{page}/code")).Body)?["qr"] is not null, 60, "a code on the page");
        Assert.StartsWith("data:image/png;base64,iVBOR", code!["qr"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("PUT /whatsappsession/7", _world.Gateway.Calls);

        var shown = _world.Gateway.Lines.Single().Code!;
        await _world.Gateway.ScanAsync(7);
        var ended = await _host.EndOfAsync(path);
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
        var (status, answer) = await _host.AskAsync(runbook, tenant);
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
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        Assert.Equal(["gateway_unauthorized "], await FindingsAsync());
        var (_, body) = await _host.SendAsync(HttpMethod.Get, "api/findings");
        Assert.Contains("give it none in TaktChat", body!.ToJsonString(), StringComparison.Ordinal);
    }

    // No token of a session, password, token of a connection or code may reach the operations database.
    private async Task NothingIsWrittenDownAsync(params string[] codes)
    {
        string[] secrets = [TaktChatWorld.Password, .. _world.Gateway.Tokens, .. _world.Gateway.Lines.Select(line => line.Token), .. codes];
        Assert.NotEmpty(_world.Gateway.Tokens);
        var tables = new List<string>();
        await using (var command = _host.Operations.DataSource.CreateCommand("SELECT format('%I.%I', table_schema, table_name) FROM information_schema.tables WHERE table_schema IN ('whatsops', 'durable')"))
        await using (var rows = await command.ExecuteReaderAsync())
            while (await rows.ReadAsync()) tables.Add(rows.GetString(0));
        foreach (var table in tables)
        {
            await using var search = _host.Operations.DataSource.CreateCommand($"SELECT count(*) FROM {table} t, unnest($1::text[]) secret WHERE strpos(t::text, secret) > 0");
            search.Parameters.Add(new() { Value = secrets });
            Assert.True((long)(await search.ExecuteScalarAsync())! == 0, table);
        }
    }

    private async Task<IReadOnlyList<string>> FindingsAsync() => [.. (await _host.FindingsAsync()).Select(one => $"{one["kind"]} {one["tenant"]}").Order(StringComparer.Ordinal)];

    private object Fleet(string url) => new
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
        alerts = new { publicUrl = url },
    };
}
