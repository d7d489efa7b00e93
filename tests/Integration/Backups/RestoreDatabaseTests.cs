using Npgsql;
using WhatsOps.Backups;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

public sealed class RestoreDatabaseTests : IAsyncLifetime
{
    private static readonly RestoreDatabase Restore = new();
    private BackupWorld world = null!;
    private string database = "";

    public async ValueTask InitializeAsync()
    {
        world = await BackupWorld.CreateAsync();
        database = new NpgsqlConnectionStringBuilder(world.Product.ConnectionString).Database!;
        await world.ExecuteAsync(
            $"""
            CREATE TABLE tenants (id int PRIMARY KEY, slug text UNIQUE);
            CREATE TABLE tenant_integrations (id int PRIMARY KEY, tenant_id int REFERENCES tenants, config jsonb);
            INSERT INTO tenants SELECT i, 't' || i FROM generate_series(1, 500) i;
            INSERT INTO tenant_integrations SELECT i, i, '{"{}"}' FROM generate_series(1, 400) i;
            ALTER DATABASE {database} SET statement_timeout = '77s';
            ALTER DATABASE {database} SET search_path = public, extra;
            REVOKE TEMPORARY ON DATABASE {database} FROM PUBLIC;
            """);
    }

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-222"), Capability("R-223"), Capability("R-300"), Capability("R-399")]
    public async Task The_restored_database_takes_the_place_of_the_old_one_which_is_kept()
    {
        var set = await world.MakeAsync();
        await world.ExecuteAsync("DELETE FROM tenant_integrations; INSERT INTO tenants VALUES (501, 'later')");

        var run = await world.RestoreAsync(Restore);

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal((400L, 500L), (await CountAsync("tenant_integrations"), await CountAsync("tenants")));
        var old = await OldAsync(run);
        Assert.Equal(1L, await ScalarAsync<long>(old, "SELECT count(*) FROM tenants WHERE slug = 'later'"));
        // As it was, and not as the server makes databases.
        Assert.Equal(("77s", "public, extra", false), (await world.ScalarAsync<string>("SHOW statement_timeout"), await world.ScalarAsync<string>("SHOW search_path"),
            await world.ScalarAsync<bool>("SELECT has_database_privilege('public', current_database(), 'TEMPORARY')")));
        // What there was is in a set of its own, too.
        var sets = await world.Get<BackupCatalogue>().ListAsync(BackupWorld.System, BackupState.Complete, 10, default);
        Assert.Equal([$"run {run.Id}", null], sets.Select(one => one.RequestedBy));
        Assert.Equal(501, sets[0].Manifest!.Parts.Single(part => part.Name == "product").Counts["public.tenants"]);
        Assert.Equal(set.Id.ToString(), run.Target.Facts!["setId"]);
    }

    [Fact]
    [Capability("R-302")]
    public async Task When_the_gateway_lists_fewer_instances_afterwards_the_old_database_has_its_name_again()
    {
        await using var gateway = await EvolutionSimulator.StartAsync(new() { Version = "2.3.6" });
        gateway.Seed(new InstanceSeed { Name = "a" });
        gateway.Seed(new InstanceSeed { Name = "b" });
        world.Runs.Fleet.Document = world.Runs.Fleet.Document with
        {
            Systems = [world.Runs.Fleet.Document.Systems[0] with { Gateways = [new() { Name = "evo-1", Url = gateway.Url, ApiKey = gateway.ApiKey }] }],
        };
        var set = await world.MakeAsync();
        Assert.Equal(2, set.Manifest!.Instances["evo-1"]);
        await world.ExecuteAsync("INSERT INTO tenants VALUES (501, 'later')");
        var run = await world.OpenAsync(Restore, ("safety", "no"));
        Assert.Equal("evo-1 2", run.Target.Facts!["instances"]);
        gateway.SetFault(new() { Kind = FaultKind.Status, Status = 500, Path = "/instance/fetchInstances" });

        run = await world.DriveAsync(run, Restore);

        Assert.Equal((RunState.Compensated, "use.replace.verify"), (run.State, run.FailedStep));
        Assert.Equal(501L, await CountAsync("tenants"));
        Assert.Equal([database], await DatabasesAsync());
    }

    [Fact]
    public async Task Beside_the_old_one_nothing_is_replaced_and_chosen_tables_can_be_looked_up()
    {
        world.Options = world.Options with { Databases = [world.Options.Databases[0] with { Tables = ["tenants"] }] };
        await world.MakeAsync();
        var problem = await Assert.ThrowsAsync<ProblemException>(() => world.OpenAsync(Restore));
        Assert.Equal((409, "$.parameters.into"), (problem.Status, problem.Field));

        var run = await world.RestoreAsync(Restore, ("into", $"{database}_yesterday"));

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(500L, await ScalarAsync<long>($"{database}_yesterday", "SELECT count(*) FROM tenants"));
        Assert.Equal([database, $"{database}_yesterday"], await DatabasesAsync());
    }

    [Fact]
    public async Task A_database_of_somebody_else_is_never_dropped()
    {
        await world.MakeAsync();
        await world.ExecuteAsync($"CREATE DATABASE {database}_theirs");
        await using (var theirs = TestDatabase.On(new NpgsqlConnectionStringBuilder(world.Product.ConnectionString) { Database = $"{database}_theirs" }.ConnectionString))
            await BackupWorld.ExecuteAsync(theirs, "CREATE TABLE precious (id int)");

        var run = await world.RestoreAsync(Restore, ("into", $"{database}_theirs"));

        Assert.Equal((RunState.Compensated, "restore"), (run.State, run.FailedStep));
        Assert.Equal(0L, await ScalarAsync<long>($"{database}_theirs", "SELECT count(*) FROM precious"));
    }

    [Fact]
    public async Task A_database_that_is_lost_comes_back()
    {
        await world.MakeAsync();
        NpgsqlConnection.ClearAllPools();
        await BackupWorld.ExecuteAsync(world.Operations, $"DROP DATABASE {database} WITH (FORCE)");

        var run = await world.RestoreAsync(Restore);

        Assert.Equal((RunState.Completed, RestorePlan.Lost), (run.State, run.Target.Facts!["currentSize"]));
        Assert.Equal(500L, await CountAsync("tenants"));
        Assert.Equal([database], await DatabasesAsync());
    }

    [Fact]
    public async Task A_damaged_part_stops_the_run_before_anything_is_made()
    {
        var set = await world.MakeAsync();
        var part = set.Manifest!.Parts.Single(part => part.Name == "product");
        var blobs = world.Get<WhatsOps.Blobs.IBlobStore>();
        var stored = (await blobs.FindAsync(part.Blob, default))!.ToArray();
        stored[stored.Length / 2] ^= 1;
        await blobs.PutAsync(part.Blob, new BinaryData(stored), "application/octet-stream", overwrite: true, default);

        var run = await world.RestoreAsync(Restore);

        Assert.Equal((RunState.Compensated, "check-set"), (run.State, run.FailedStep));
        Assert.Equal([database], await DatabasesAsync());
    }

    [Fact]
    public async Task WhatsOps_own_database_is_only_restored_beside()
    {
        world.Options = world.Options with { Databases = [new() { Name = "whatsops", Own = true }] };
        await world.MakeAsync();
        var problem = await Assert.ThrowsAsync<ProblemException>(() => world.OpenAsync(Restore));
        Assert.Equal((409, "$.parameters.into"), (problem.Status, problem.Field));
    }

    private async Task<string> OldAsync(Run run) => (await world.Runs.Runs.StepsAsync(run.Id, default)).Single(step => step.Step == "use.replace.swap").Facts!["kept"];

    private Task<long> CountAsync(string table) => world.ScalarAsync<long>($"SELECT count(*) FROM {table}");

    private async Task<T> ScalarAsync<T>(string name, string sql)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(world.Product.ConnectionString) { Database = name, Pooling = false });
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private async Task<IReadOnlyList<string>> DatabasesAsync()
    {
        await using var command = world.Operations.DataSource.CreateCommand("SELECT datname FROM pg_database WHERE datname = $1 OR datname LIKE $1 || '\\_%' ORDER BY 1");
        command.Parameters.Add(new() { Value = database });
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync()) names.Add(reader.GetString(0));
        return names;
    }
}
