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
    public async Task The_cluster_is_private_and_durable()
    {
        await using var database = await TestDatabase.CreateAsync();
        await using var command = database.DataSource.CreateCommand("SELECT current_setting('fsync') || current_setting('synchronous_commit')");
        Assert.Equal("onon", await command.ExecuteScalarAsync());
    }
}
