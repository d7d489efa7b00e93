using System.Text.Json;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Simulator;

namespace WhatsOps.Tests.Integration.Up;

/// <summary>`up --fleet` on a gateway that is somebody's.</summary>
public sealed class FleetUpTests
{
    [Fact]
    public async Task Up_with_a_fleet_looks_and_changes_nothing_keeps_its_data_and_sweeps_when_asked()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new SimulatorOptions
        {
            Instances = [new() { Name = "shop-padaria" }, new() { Name = "shop-acougue", State = "close", DisconnectionReasonCode = 401, DisconnectionAt = DateTimeOffset.UtcNow.AddHours(-1) }],
        });
        await using var product = await Databases.RevalyaAsync();
        foreach (var slug in (string[])["padaria", "acougue"])
            await RevalyaTables.SeedAsync(product.DataSource, slug, $$"""{"api_url":"{{gateway.Url}}","environment":"production","instance_name":"shop-{{slug}}"}""");
        await using var stand = new UpStand();
        var key = OperatorKey.Create();
        var file = Path.Combine(stand.Local, "fleet.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(new
        {
            systems = new[]
            {
                new
                {
                    name = "shop", kind = "evolution", instancePrefix = "shop-", gateways = new[] { new { name = "main", url = gateway.Url, apiKey = "${env:SHOP_KEY}" } },
                    tenantDirectory = new { kind = "revalya", connectionString = "${env:SHOP_DATABASE}" },
                },
            },
            operators = new[] { new { name = "ana", role = "approver", keyHash = key.Hash } },
        }));
        stand.Environment["SHOP_KEY"] = gateway.ApiKey;
        stand.Environment["SHOP_DATABASE"] = product.ConnectionString;
        stand.Environment["WHATSOPS_KEY"] = key.Key;

        using var up = stand.Start("up", "--fleet", file, "--port", $"{FreePort.Next()}");
        await UpStand.UntilAsync(up, () => up.Said.Contains("Ctrl-C stops all of it.", StringComparison.Ordinal));
        var data = stand.State!.PostgresData!;
        Assert.Matches(@"shop +(healthy|unknown|degraded|unhealthy) ", await stand.RunAsync("sweep"));
        Assert.Equal(0, await up.InterruptAsync());

        await stand.AssertNothingIsLeftAsync();
        Assert.Contains("instance_logged_out", up.Said, StringComparison.Ordinal);
        Assert.NotEmpty(gateway.Calls);
        Assert.DoesNotContain(gateway.Calls, call => call.Acted);
        // Acknowledged events are in it: kept, and where a restart of the machine leaves it alone.
        Assert.True(Directory.Exists(data));
        if (!data.StartsWith(stand.Local, StringComparison.Ordinal)) Assert.StartsWith("/var/lib/whatsops/", data, StringComparison.Ordinal);
        Assert.True(File.Exists(Path.Combine(stand.Local, "up", "fleet-data-key")));
    }
}
