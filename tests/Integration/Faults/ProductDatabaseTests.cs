using System.Text.Json.Nodes;
using WhatsOps.Cli.Local;
using WhatsOps.Cli.Up;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Hosts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// The product's own PostgreSQL crashes in the worst moment of a reset: its rows are deleted and the new one is not saved yet. WhatsOps' database
/// lives on and holds the copy.
/// </summary>
public sealed class ProductDatabaseTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_reset_ends_with_the_rows_right_and_the_sweep_tells_of_the_outage_while_it_lasts()
    {
        await using var postgres = await TestServers.OwnPostgresAsync("product-crash");
        var product = TestDatabase.On(postgres.ConnectionString());
        await RevalyaTables.CreateAsync(product.DataSource);
        await using var operations = await TestDatabase.CreateAsync();
        await using var rig = await HostRig.CreateAsync(operations.ConnectionString, new()
        {
            Product = product, ScanAfter = TimeSpan.FromMilliseconds(50),
            // Four attempts at the row within 2 s, eight at taking back within 13 s: time for a restart.
            Settings = new Dictionary<string, string> { ["RunbookTimeScale"] = "0.2" },
        });
        foreach (var slug in (string[])["forward", "back", "neighbour"]) await rig.SeedAsync(slug);
        var neighbour = await RowsAsync(rig, "neighbour");
        var host = await rig.StartHostAsync();

        await ResetThroughOutageAsync(rig, host, postgres, "forward", hold: 3, async run =>
        {
            Assert.Equal(200, (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/sweeps")).Status);
            Assert.Equal(1L, await UnreachableAsync(rig));
            await Waiting.UntilAsync(() => rig.ScalarAsync<bool>($"SELECT count(*) > 0 FROM whatsops.run_attempts WHERE run_id = '{run}' AND step = 'save-integration'"));
        });
        // A longer outage: the run is on its way back, and what it must put back it cannot reach yet.
        var state = await ResetThroughOutageAsync(rig, host, postgres, "back", hold: 2, run =>
            Waiting.UntilAsync(() => rig.ScalarAsync<bool>($"SELECT count(*) > 0 FROM whatsops.run_attempts WHERE run_id = '{run}' AND phase = 'compensate'")));
        Assert.Equal("compensated", state);

        await Waiting.UntilAsync(async () => (await rig.SendAsync(host, rig.Ana, HttpMethod.Post, "api/sweeps")).Status == 200 && await UnreachableAsync(rig) == 0);
        Assert.Equal(neighbour, await RowsAsync(rig, "neighbour"));
        Assert.Empty(rig.Acts("neighbour"));
        Assert.Equal(0L, await rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
        Assert.False(host.HasExited);
    }

    /// <param name="hold">Seconds that the gateway takes to make the instance: the moment between the rows that are gone and the new one.</param>
    private async Task<string> ResetThroughOutageAsync(HostRig rig, HostProcess host, LocalPostgres postgres, string slug, int hold, Func<string, Task> meanwhile)
    {
        var before = await RowsAsync(rig, slug);
        rig.Gateway.SetFault(new() { Kind = FaultKind.Slow, Path = "/instance/create", Delay = TimeSpan.FromSeconds(hold), Count = 1 });
        var path = await rig.ResetAsync(host, slug);
        var run = path[(path.LastIndexOf('/') + 1)..];
        await Waiting.UntilAsync(() => rig.ScalarAsync<bool>($"SELECT count(*) > 0 FROM whatsops.run_steps WHERE run_id = '{run}' AND step = 'create-instance'"), 60);
        Assert.Null(await RowsAsync(rig, slug));
        await postgres.StopServerAsync("immediate", CancellationToken.None);
        await meanwhile(run);
        await postgres.StartServerAsync(CancellationToken.None);
        // The test's own connections died with the server.
        rig.Product.DataSource.Clear();

        var ended = await rig.EndOfAsync(host, path);
        output.WriteLine($"{slug}: {ended["state"]} ({ended["failedStep"]}): {string.Join(", ", rig.Acts(slug))}");
        Assert.Single(rig.Acts(slug), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
        if (ended["state"]!.GetValue<string>() == "completed")
        {
            TwoHostsTests.AssertNothingTwice(rig, slug);
            var row = Assert.Single(JsonNode.Parse((await RowsAsync(rig, slug))!)!.AsArray())!;
            Assert.Equal(("connected", $"revalya-{slug}"), (row["connection_status"]!.GetValue<string>(), row["config"]!["instance_name"]!.GetValue<string>()));
        }
        else
        {
            Assert.True(ended["state"]!.GetValue<string>() == "compensated" && ended["failedStep"]!.GetValue<string>() == "save-integration", ended.ToJsonString());
            Assert.Equal(before, await RowsAsync(rig, slug));
        }

        return ended["state"]!.GetValue<string>();
    }

    private static Task<long> UnreachableAsync(HostRig rig) =>
        rig.ScalarAsync<long>("SELECT count(*) FROM whatsops.findings WHERE kind = 'product_database_unreachable' AND state <> 'closed'");

    private static async Task<string?> RowsAsync(HostRig rig, string slug)
    {
        await using var command = rig.Product.DataSource.CreateCommand(
            "SELECT jsonb_agg(to_jsonb(i))::text FROM tenant_integrations i JOIN tenants t ON t.id = i.tenant_id WHERE t.slug = $1");
        command.Parameters.Add(new() { Value = slug });
        return await command.ExecuteScalarAsync() as string;
    }
}
