using WhatsOps.Cli.Up;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Faults;
using WhatsOps.Tests.Integration.Gateways;

namespace WhatsOps.Tests.Integration.Hosts;

/// <summary>A fleet of TurboZap gateways in the real host: what a sweep finds, what a webhook stores, what a runbook mends and what it refuses.</summary>
public sealed class TurboZapHostTests : IAsyncLifetime
{
    private TurboZapWorld _world = null!;
    private TurboZapSimulator _wrong = null!, _blind = null!;
    private FleetHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await TurboZapWorld.StartAsync();
        (_wrong, _blind) = (await TurboZapSimulator.StartAsync(), await TurboZapSimulator.StartAsync());
        _host = await FleetHost.StartAsync("revalya", Fleet, new Dictionary<string, string>
        {
            ["TURBOZAP_KEY"] = _world.Gateway.ApiKey, ["WRONG_KEY"] = "a-key-of-somebody-else", ["BLIND_KEY"] = _blind.ApiKey, ["PRODUCT_DATABASE"] = _world.Database.ConnectionString,
        });
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _wrong.DisposeAsync();
        await _blind.DisposeAsync();
        await _world.DisposeAsync();
    }

    [Fact]
    [Capability("R-261")]
    [Capability("R-276")]
    [Capability("R-421")]
    public async Task A_sweep_finds_what_is_down_events_are_stored_once_and_a_reconnection_is_proven()
    {
        await SeedAsync("well");
        await SeedAsync("dead", live: false);
        await SeedAsync("unpaired", paired: false);
        await RevalyaTables.SeedAsync(_world.Database.DataSource, "gone", $$"""{"instance_name":"revalya-gone","api_url":"{{_world.Gateway.Url}}"}""");

        await _blind.SeedAsync("revalya-blind");
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        var findings = (await FindingsAsync()).ToHashSet();
        Assert.Superset(new HashSet<string>
        {
            "instance_not_open tz-1 dead", "instance_logged_out tz-1 unpaired", "instance_missing tz-1 gone", "gateway_unauthorized tz-wrong ", "gateway_liveness_unknown tz-blind ",
        }, findings);
        Assert.DoesNotContain(findings, finding => finding.Contains("gateway_unreachable", StringComparison.Ordinal) || finding.EndsWith(" well", StringComparison.Ordinal));

        // The webhook, by the runbook that sets it: with the secret that proves its events.
        var repaired = await _host.RunAsync("repair-webhook", "dead");
        Assert.Equal("completed", repaired["state"]!.GetValue<string>());
        var hook = _world.Gateway.Devices.Single(device => device.Name == "revalya-dead").Webhook!;
        Assert.Equal(($"{_host.Url}/api/whatsapp/webhook/dead", true), (hook.Url, hook.Headers.ContainsKey("x-whatsops-secret")));
        Assert.Equal(["connection.update", "qrcode.updated", "messages.upsert"], hook.Events);

        var reconnected = await _host.RunAsync("reconnect", "dead");
        Assert.Equal("completed", reconnected["state"]!.GetValue<string>());
        Assert.Equal("connected", _world.Gateway.Devices.Single(device => device.Name == "revalya-dead").Status);
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM whatsops.events WHERE tenant = 'dead' AND event = 'connection.update' AND state = 'open'"));

        // Logged out on the phone: told once by its webhook, and nothing that reconnecting could mend.
        await _world.Gateway.KickAsync("revalya-dead");
        Assert.Equal(1L, await ScalarAsync("SELECT count(*) FROM whatsops.events WHERE tenant = 'dead' AND reason = 401"));
        var refused = await _host.RunAsync("reconnect", "dead");
        Assert.NotEqual("completed", refused["state"]!.GetValue<string>());
        Assert.Contains("reauthenticate", refused["failure"]!.GetValue<string>(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restart_a_new_pairing_and_a_new_instance_are_proven_by_the_database()
    {
        await SeedAsync("well");
        await SeedAsync("unpaired", paired: false);
        await RevalyaTables.SeedAsync(_world.Database.DataSource, "gone", $$"""{"instance_name":"revalya-gone","api_url":"{{_world.Gateway.Url}}"}""");

        Assert.Equal("completed", (await _host.RunAsync("restart-instance", "well"))["state"]!.GetValue<string>());
        Assert.Contains("PUT /api/instance/revalya-well/restart", _world.Gateway.Calls);
        foreach (var (runbook, tenant) in ((string, string)[])[("reauthenticate", "unpaired"), ("create-instance", "gone")])
        {
            var running = _host.RunAsync(runbook, tenant);
            await Waiting.UntilAsync(() => _world.Gateway.IsCodeShown($"revalya-{tenant}") || running.IsCompleted, 60, "a code to scan");
            if (!running.IsCompleted) await _world.Gateway.ScanAsync($"revalya-{tenant}");
            var ended = await running;
            Assert.True(ended["state"]!.GetValue<string>() == "completed", ended.ToJsonString());
        }

        Assert.All(_world.Gateway.Devices, device => Assert.Equal("connected", device.Status));
        Assert.Equal($"{_host.Url}/api/whatsapp/webhook/gone", _world.Gateway.Devices.Single(device => device.Name == "revalya-gone").Webhook!.Url);
    }

    [Theory]
    [InlineData("migrate-instance", "turbozap: a move between gateways")]
    [InlineData("fix-isolation", "turbozap: it makes the instance anew")]
    public async Task What_is_written_for_Evolution_is_refused_and_the_kind_is_named(string runbook, string why)
    {
        await SeedAsync("well");
        var (status, answer) = await _host.AskAsync(runbook, "well", runbook == "migrate-instance" ? new { toGateway = "tz-blind" } : null);
        Assert.Equal(409, status);
        Assert.Contains(why, answer!.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_world.Gateway.Calls, call => !call.StartsWith("GET ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task While_the_gateways_database_does_not_tell_nothing_is_called_open_or_closed()
    {
        await SeedAsync("dead", live: false);
        await _world.ExecuteAsync("ALTER TABLE instances RENAME TO moved");
        Assert.Equal(200, (await _host.SendAsync(HttpMethod.Post, "api/sweeps")).Status);
        var findings = await FindingsAsync();
        Assert.Contains("gateway_liveness_unknown tz-1 ", findings);
        Assert.DoesNotContain(findings, finding => finding.EndsWith(" dead", StringComparison.Ordinal));

        var run = await _host.RunAsync("reconnect", "dead");
        Assert.NotEqual("completed", run["state"]!.GetValue<string>());
        Assert.Contains("gateways[].database cannot be read", run["failure"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.DoesNotContain(_world.Gateway.Calls, call => call.StartsWith("POST ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gateway_whose_database_nobody_named_gets_no_run_that_could_not_be_proven()
    {
        await _blind.SeedAsync("revalya-blind", live: false);
        await RevalyaTables.SeedAsync(_world.Database.DataSource, "blind", $$"""{"instance_name":"revalya-blind","api_url":"{{_blind.Url}}"}""");
        var (status, answer) = await _host.AskAsync("reconnect", "blind");
        Assert.Equal(409, status);
        Assert.Contains("gateways[].database", answer!.ToJsonString(), StringComparison.Ordinal);
    }

    private async Task SeedAsync(string slug, bool paired = true, bool live = true)
    {
        await _world.Gateway.SeedAsync($"revalya-{slug}", paired, live);
        await RevalyaTables.SeedAsync(_world.Database.DataSource, slug, $$"""{"instance_name":"revalya-{{slug}}","api_url":"{{_world.Gateway.Url}}"}""");
    }

    private async Task<IReadOnlyList<string>> FindingsAsync() => [.. (await _host.FindingsAsync()).Select(one => $"{one["kind"]} {one["gateway"]} {one["tenant"]}")];

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _host.Operations.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private object Fleet(string url) => new
    {
        systems = new[]
        {
            new
            {
                name = "revalya", kind = "turbozap", instancePrefix = "revalya-",
                gateways = new object[]
                {
                    new { name = "tz-1", url = _world.Gateway.Url, apiKey = "${env:TURBOZAP_KEY}", database = "${env:PRODUCT_DATABASE}" },
                    new { name = "tz-wrong", url = _wrong.Url, apiKey = "${env:WRONG_KEY}", database = "${env:PRODUCT_DATABASE}" },
                    new { name = "tz-blind", url = _blind.Url, apiKey = "${env:BLIND_KEY}" },
                },
                tenantDirectory = new { kind = "revalya", connectionString = "${env:PRODUCT_DATABASE}" },
                webhook = new { baseUrl = url, deliverTo = "none" },
            },
        },
    };
}
