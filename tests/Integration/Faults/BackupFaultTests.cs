using System.Text.Json;
using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Cli.Up;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Backups;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>Whatever ends in the middle of a backup, nothing is listed that cannot be restored, and the next one works.</summary>
public sealed class BackupFaultTests(ITestOutputHelper output)
{
    private const string Rows = "CREATE TABLE t (i bigint, b text); INSERT INTO t SELECT i, md5(i::text) || md5((i + 1)::text) || md5((i + 2)::text) FROM generate_series(1, 400000) i";

    // So many that the dump is still at work when it has been seen to be.
    private const string ManyRows = "CREATE TABLE t (i bigint, b text); INSERT INTO t SELECT i, repeat(md5(i::text), 16) FROM generate_series(1, 400000) i";

    // Of the next backup it only matters that it works.
    private const string FewRows = "TRUNCATE t; INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 1000) i";

    [Fact]
    [Capability("R-219"), Capability("R-221"), Capability("R-167")]
    public async Task The_host_is_killed_at_every_stage_and_the_set_becomes_complete_and_restores()
    {
        await using var world = await BackupWorld.CreateAsync();
        await world.ExecuteAsync(Rows);
        var fleet = Path.Combine(Path.GetTempPath(), $"whatsops-fleet-{Guid.NewGuid():N}.json");
        var ana = OperatorKey.Create();
        await File.WriteAllTextAsync(fleet, JsonSerializer.Serialize(new
        {
            systems = new[]
            {
                new
                {
                    name = BackupWorld.System, kind = "evolution", instancePrefix = "revalya-", gateways = new[] { new { name = "evo-1", url = "http://127.0.0.1:9", apiKey = "${env:EVO_KEY}" } },
                    tenantDirectory = new { kind = "revalya", connectionString = "${env:PRODUCT}" },
                    backup = new { databases = new[] { new { name = "product", connectionString = "${env:PRODUCT}" } } },
                },
            },
            operators = new[] { new { name = "ana", role = "approver", keyHash = ana.Hash } },
        }));
        var settings = new Dictionary<string, string>
        {
            ["OperationsDatabase"] = world.Operations.ConnectionString, ["DataKeyFile"] = world.Runs.KeyFile, ["FleetFile"] = fleet, ["EVO_KEY"] = "a-key-of-the-tests-1", ["PRODUCT"] = world.Product.ConnectionString,
            ["BlobStorage"] = (await TestServers.AzuriteAsync()).ConnectionString, ["BlobContainer"] = world.Container, ["EmbeddedHost__LeaseSeconds"] = "2",
        };
        var stages = new (string Name, Func<Guid, Task<bool>> IsReached)[]
        {
            ("asked for", _ => Task.FromResult(true)),
            ("the first part is stored", set => HasPartAsync(world, set, "fleet")),
            // Or was, where it was too fast to be seen.
            ("pg_dump is at work", async set => await IsAtWorkAsync(world) || await HasPartAsync(world, set, "product")),
            ("every part is stored", set => HasPartAsync(world, set, "product")),
            ("the manifest is stored", async set => await world.Get<IBlobStore>().FindAsync(BackupPaths.Manifest(BackupWorld.System, set), default) is not null),
        };
        try
        {
            foreach (var (name, isReached) in stages)
            {
                Guid set;
                using (var doomed = HostProcess.Start(settings))
                {
                    await doomed.UntilAnswersAsync();
                    set = await AskAsync(doomed, ana);
                    await Until.TrueAsync(() => isReached(set), 60, () => $"the stage: {name}");
                    doomed.Kill();
                }

                using var next = HostProcess.Start(settings);
                await next.UntilAnswersAsync();
                await Until.TrueAsync(async () => (await world.Get<BackupCatalogue>().FindAsync(set, default))!.State != BackupState.Running, 90, () => $"the set that died when {name} to end");
                var ended = (await world.Get<BackupCatalogue>().FindAsync(set, default))!;
                Assert.True(ended.State == BackupState.Complete, $"{name}: {ended.Problem}");
                Assert.True((await world.TestAsync(ended)).Problem is null, $"{name}: {ended.TestProblem}");
                output.WriteLine($"killed when {name}: complete, {ended.Bytes / 1e6:0.0} MB");
                if (name == stages[^1].Name) await AssertManageableAsync(world, next, ana, set, stages.Length);
            }
        }
        finally
        {
            File.Delete(fleet);
        }
    }

    [Fact]
    public async Task PostgreSQL_stops_in_the_middle_of_the_dump()
    {
        await using var server = await TestServers.OwnPostgresAsync("backup-postgres");
        var product = TestDatabase.On(server.ConnectionString());
        await using var world = await BackupWorld.CreateAsync(product: product);
        await world.ExecuteAsync(ManyRows);

        var making = world.MakeAsync();
        await Until.TrueAsync(() => IsAtWorkAsync(world), 30, () => "pg_dump to be at work");
        await server.StopServerAsync("immediate", default);
        var set = await making;

        Assert.Equal(BackupState.Failed, set.State);
        await AssertNothingListedAsync(world);
        output.WriteLine($"stopped: {set.Problem}");
        await server.StartServerAsync(default);
        NpgsqlConnection.ClearAllPools();
        product.DataSource.Clear();
        await world.ExecuteAsync(FewRows);
        set = await world.MakeAsync();
        Assert.Null((await world.TestAsync(set)).Problem);
    }

    [Fact]
    public async Task Azurite_stops_in_the_middle_of_the_upload()
    {
        var azurite = await TestServers.OwnAzuriteAsync("backup-azurite");
        await using var world = await BackupWorld.CreateAsync(blobs: azurite.ConnectionString);
        await world.ExecuteAsync(ManyRows);
        // Azurite writes its tables down every few seconds; killed before, it would forget the container itself, which no storage does.
        await world.Get<IBlobStore>().ProbeAsync(default);
        await Until.TrueAsync(() => Task.FromResult(Directory.GetFiles(azurite.DataDirectory, "__azurite_db_blob__*.json").Any(file => File.ReadAllText(file).Contains(world.Container, StringComparison.Ordinal))), 30, () => "Azurite to write the container down");

        var making = world.MakeAsync();
        await Until.TrueAsync(() => IsAtWorkAsync(world), 30, () => "pg_dump to be at work");
        await azurite.DisposeAsync();
        var set = await making;

        Assert.Equal(BackupState.Failed, set.State);
        Assert.Contains("Blob Storage", set.Problem, StringComparison.Ordinal);
        Assert.Empty(await world.Get<BackupCatalogue>().ListAsync(null, BackupState.Complete, 10, default));
        output.WriteLine($"stopped: {set.Problem}");
        await using var again = await TestServers.OwnAzuriteAsync("backup-azurite", azurite.Port);
        await AssertNothingListedAsync(world);
        await world.ExecuteAsync(FewRows);
        set = await world.MakeAsync();
        Assert.Null((await world.TestAsync(set)).Problem);
    }

    private static async Task AssertNothingListedAsync(BackupWorld world)
    {
        Assert.Empty(await world.Get<BackupCatalogue>().ListAsync(null, BackupState.Complete, 10, default));
        Assert.DoesNotContain(await world.Get<IBlobStore>().ListAsync(BackupPaths.Root, default), BackupPaths.IsManifest);
        Assert.Equal(0, (await world.Get<CatalogueRebuild>().RunAsync(default)).Restored);
    }

    // The routes that operators use, on a real host.
    private static async Task AssertManageableAsync(BackupWorld world, HostProcess host, OperatorKey by, Guid set, int sets)
    {
        var list = await SendAsync(host, by, HttpMethod.Get, "/api/backups?state=complete");
        Assert.Equal(sets, list.RootElement.GetArrayLength());
        Assert.Equal(set, list.RootElement[0].GetProperty("id").GetGuid());
        Assert.Equal("complete", list.RootElement[0].GetProperty("state").GetString());
        await SendAsync(host, by, HttpMethod.Post, $"/api/backups/{set}/verify");
        Assert.Equal("ana", (await SendAsync(host, by, HttpMethod.Post, $"/api/backups/{set}/hold")).RootElement.GetProperty("heldBy").GetString());
        Assert.Equal(sets, (await SendAsync(host, by, HttpMethod.Post, "/api/backups/prune?dryRun=true", $$"""{"system":"{{BackupWorld.System}}"}""")).RootElement.GetArrayLength());
        Assert.Equal(BackupWorld.System, (await SendAsync(host, by, HttpMethod.Get, $"/api/backups/{set}/fleet")).RootElement.GetProperty("systems")[0].GetProperty("name").GetString());
        var key = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Convert.FromBase64String(await File.ReadAllTextAsync(world.Runs.KeyFile))));
        Assert.False(await world.Get<KeyCopies>().IsConfirmedAsync(default));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => SendAsync(host, by, HttpMethod.Post, "/api/backups/key-copy", $$"""{"sha256":"{{key[1..]}}0"}"""));
        await SendAsync(host, by, HttpMethod.Post, "/api/backups/key-copy", $$"""{"sha256":"{{key}}"}""");
        Assert.True(await world.Get<KeyCopies>().IsConfirmedAsync(default));
        var checks = (await SendAsync(host, by, HttpMethod.Post, "/api/doctor")).RootElement.GetProperty("checks").EnumerateArray().Where(check => check.GetProperty("check").GetString()!.StartsWith("backup", StringComparison.Ordinal)).ToArray();
        Assert.Equal(3, checks.Length);
        Assert.All(checks, check => Assert.Equal("ok", check.GetProperty("status").GetString()));
    }

    private static async Task<JsonDocument> SendAsync(HostProcess host, OperatorKey by, HttpMethod method, string path, string? body = null)
    {
        using var answer = await AnswerAsync(host, by, method, path, body);
        answer.EnsureSuccessStatusCode();
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    private static async Task<Guid> AskAsync(HostProcess host, OperatorKey by)
    {
        var id = Guid.Empty;
        // Ready is not enough: the first start applies the fleet file, and with it the operators, in the background.
        await Until.TrueAsync(
            async () =>
            {
                using var answer = await AnswerAsync(host, by, HttpMethod.Post, "/api/backups", $$"""{"system":"{{BackupWorld.System}}"}""");
                if (answer.IsSuccessStatusCode) id = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("id").GetGuid();
                return answer.IsSuccessStatusCode;
            }, 60, () => $"the backup to be accepted: {host.Output}");
        return id;
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HostProcess host, OperatorKey by, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("x-whatsops-key", by.Key);
        return await host.Client.SendAsync(request);
    }

    private static async Task<bool> HasPartAsync(BackupWorld world, Guid set, string name)
    {
        await using var command = world.Operations.DataSource.CreateCommand("SELECT EXISTS (SELECT FROM whatsops.backup_parts WHERE set_id = $1 AND name = $2) OR EXISTS (SELECT FROM whatsops.backup_sets WHERE id = $1 AND state <> 'running')");
        command.Parameters.Add(new() { Value = set });
        command.Parameters.Add(new() { Value = name });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<bool> IsAtWorkAsync(BackupWorld world) => await world.ScalarAsync<bool>("SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'COPY%')");
}
