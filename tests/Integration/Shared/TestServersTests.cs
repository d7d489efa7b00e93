using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Shared;

public sealed class TestServersTests
{
    [Fact]
    public async Task Every_class_gets_its_own_copy_of_the_template()
    {
        static async Task Prepare(string connectionString)
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(connectionString);
            await using var create = source.CreateCommand("CREATE TABLE t(x int)");
            await create.ExecuteNonQueryAsync();
        }

        await using var first = await TestDatabase.CreateAsync("template_probe", Prepare);
        await using var second = await TestDatabase.CreateAsync("template_probe", Prepare);
        await using (var insert = first.DataSource.CreateCommand("INSERT INTO t VALUES (1)")) await insert.ExecuteNonQueryAsync();

        await using var count = second.DataSource.CreateCommand("SELECT count(*) FROM t");
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task What_is_measured_is_measured_on_a_durable_server_and_only_tests_do_without_fsync()
    {
        await using var database = await TestDatabase.CreateAsync();
        Assert.Equal("offon", await DurabilityAsync(database));
        await using var durable = TestDatabase.On((await TestServers.DurablePostgresAsync()).ConnectionString());
        Assert.Equal("onon", await DurabilityAsync(durable));
    }

    [Fact]
    public async Task The_secrets_of_private_servers_are_their_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        foreach (var secret in (string[])[
            Path.Combine((await TestServers.AzuriteAsync()).DataDirectory, "account-key"),
            Path.Combine(Path.GetDirectoryName((await TestServers.PostgresAsync()).DataDirectory)!, "password")])
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(secret));
    }

    private static async Task<object?> DurabilityAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT current_setting('fsync') || current_setting('synchronous_commit')");
        return await command.ExecuteScalarAsync();
    }
}
