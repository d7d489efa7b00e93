using System.Globalization;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A PostgreSQL that counts its statements.</summary>
public sealed class PostgresStatementTests : IAsyncLifetime
{
    private const int Tables = 12;
    private LocalPostgres server = null!;
    private NpgsqlDataSource product = null!;

    public async ValueTask InitializeAsync()
    {
        server = await TestServers.OwnPostgresAsync($"statements-{Guid.NewGuid():N}", "shared_preload_libraries=pg_stat_statements");
        product = NpgsqlDataSource.Create(server.ConnectionString());
    }

    public async ValueTask DisposeAsync()
    {
        await product.DisposeAsync();
        await server.DisposeAsync();
    }

    [Fact]
    [Capability("R-234"), Capability("R-014")]
    [Source("postgres", SourceState.Present, "none")]
    public async Task The_ten_statements_that_take_longest_on_average_are_named_without_their_values()
    {
        await ExecuteAsync("CREATE EXTENSION pg_stat_statements; CREATE DATABASE neighbour");
        foreach (var table in Enumerable.Range(1, Tables)) await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"CREATE TABLE t{table:00} AS SELECT '5511987654321' AS phone"));
        await ExecuteAsync("CREATE TABLE migrated AS SELECT 1 AS n");
        await ExecuteAsync("SELECT pg_sleep(0.5) FROM migrated");
        for (var times = 0; times < 10; times++)
        {
            await ExecuteAsync("SELECT pg_sleep(0.2) FROM t01 WHERE phone = '5511987654321'");
            foreach (var table in Enumerable.Range(2, Tables - 1)) await ExecuteAsync(string.Create(CultureInfo.InvariantCulture, $"/* of 5511987654321 */ SELECT pg_sleep(0.005) FROM t{table:00} WHERE phone = '5511987654321'"));
            await ExecuteAsync("DO $x$ BEGIN PERFORM pg_sleep(0.1), 'planted-secret-9'; END $x$");
        }

        await using (var neighbour = NpgsqlDataSource.Create(server.ConnectionString("neighbour")))
            for (var times = 0; times < 10; times++)
            {
                await using var command = neighbour.CreateCommand("SELECT pg_sleep(0.3) AS neighbour");
                await command.ExecuteNonQueryAsync();
            }

        await using var world = await WatchWorld.StartAsync(new() { Postgres = [new() { Name = "db", ConnectionString = "${env:DB}" }] });
        world.Settings["DB"] = server.ConnectionString();
        await world.TickAsync(TimeSpan.Zero);

        Assert.Empty(await world.OpenAsync());
        var words = Assert.Single(await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Words!;
        var told = words[(words.IndexOf("Slowest on average: ", StringComparison.Ordinal) + "Slowest on average: ".Length)..].TrimEnd('.').Split("; ");
        Assert.Equal(10, told.Length);
        Assert.EndsWith(" ms, 10 times: SELECT pg_sleep($1) FROM t01 WHERE phone = $2", told[0], StringComparison.Ordinal);
        Assert.EndsWith(" ms, 10 times: DO …", told[1], StringComparison.Ordinal);
        Assert.Equal(told, told.OrderByDescending(one => double.Parse(one.Split(' ')[0], CultureInfo.InvariantCulture)));
        foreach (var hidden in (string[])["migrated", "neighbour", "planted", "98765", "4321"]) Assert.DoesNotContain(hidden, words, StringComparison.Ordinal);
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.slowest_statement.ms"))!.Value, 200, 10_000);
    }

    private async Task ExecuteAsync(string sql)
    {
        foreach (var statement in sql.Contains("DO ", StringComparison.Ordinal) ? [sql] : sql.Split("; "))
        {
            await using var command = product.CreateCommand(statement);
            await command.ExecuteNonQueryAsync();
        }
    }
}
