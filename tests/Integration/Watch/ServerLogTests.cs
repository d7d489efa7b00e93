using Npgsql;
using StackExchange.Redis;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>Logs that a real PostgreSQL and a real Redis wrote, as the output of a container, where products have them.</summary>
public sealed class ServerLogTests : WatchedContainer
{
    [Fact]
    [Capability("R-010")]
    public async Task Errors_refused_logins_and_deadlocks_of_PostgreSQL_are_counted_and_grouped()
    {
        await using var server = await TestServers.OwnPostgresAsync($"log-{Guid.NewGuid():N}");
        await using var product = NpgsqlDataSource.Create(server.ConnectionString());
        await ExecuteAsync(product, "CREATE TABLE a AS SELECT 1 AS n; CREATE TABLE b AS SELECT 1 AS n");
        for (var times = 0; times < 9; times++) await FailAsync(() => ExecuteAsync(product, $"SELECT * FROM \"Tickets\" WHERE phone = '5511987{times}54321'"));
        await FailAsync(() => ConnectAsync(new NpgsqlConnectionStringBuilder(server.ConnectionString()) { Password = "planted-password-7", Pooling = false }.ConnectionString));
        await DeadlockAsync(product);

        var log = Path.Combine(Path.GetDirectoryName(server.DataDirectory)!, "postgres.log");
        var errors = (await File.ReadAllLinesAsync(log)).Where(line => LogEntry.Of(line).Level == LineLevel.Error).ToList();
        Assert.Contains(errors, line => line.Contains("ERROR:  deadlock detected", StringComparison.Ordinal));
        Assert.Contains(errors, line => line.Contains("FATAL:  password authentication failed for user", StringComparison.Ordinal));

        var reading = await ReadAsync(log);
        Assert.Equal(errors.Count, reading.Measures.Single(measure => measure.Metric == "container.log.errors").Value);
        Assert.True(errors.Count >= 11);
        var trouble = Assert.Single(reading.Troubles, trouble => trouble.Subject == "log");
        Assert.Equal((TroubleKinds.Unhealthy, Severity.Medium), (trouble.Kind, trouble.Severity));
        Assert.StartsWith("9x ", trouble.Evidence["error1"], StringComparison.Ordinal);
        Assert.Contains("ERROR: relation \"…\" does not exist", trouble.Evidence["error1"], StringComparison.Ordinal);
        Assert.DoesNotContain(trouble.Evidence.Values, error => error.Contains("54321", StringComparison.Ordinal));
    }

    [Fact]
    [Capability("R-009")]
    public async Task Saves_of_Redis_that_failed_are_errors_and_its_start_is_none()
    {
        var folder = Directory.CreateTempSubdirectory("whatsops-redis-");
        try
        {
            var data = folder.CreateSubdirectory("data");
            var log = Path.Combine(folder.FullName, "redis.log");
            await using var redis = await TestServers.OwnRedisAsync($"dir {data.FullName}\nlogfile {log}");
            await using var admin = await ConnectionMultiplexer.ConnectAsync(redis.ConnectionString + ",allowAdmin=true");
            var server = admin.GetServers().Single();
            await server.ExecuteAsync("SAVE");
            Assert.DoesNotContain((await File.ReadAllLinesAsync(log)).Select(LogEntry.Of), entry => entry.Level == LineLevel.Error);

            data.Delete(recursive: true);
            for (var times = 0; times < 11; times++) await FailAsync(() => server.ExecuteAsync("SAVE"));
            await server.ExecuteAsync("BGSAVE");
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            while (!(await File.ReadAllTextAsync(log)).Contains("Background saving error", StringComparison.Ordinal)) await Task.Delay(50, patience.Token);
            // What a client meets then is no line of the log; INFO counts it.
            await server.ExecuteAsync("CONFIG", "SET", "save", "3600 1");
            Assert.Contains("MISCONF", (await Assert.ThrowsAsync<RedisServerException>(() => admin.GetDatabase().StringSetAsync("cold", "x"))).Message, StringComparison.Ordinal);

            var reading = await ReadAsync(log);
            Assert.InRange(reading.Measures.Single(measure => measure.Metric == "container.log.errors").Value, 13, 30);
            var trouble = Assert.Single(reading.Troubles, trouble => trouble.Subject == "log");
            Assert.Equal((TroubleKinds.Unhealthy, Severity.Medium), (trouble.Kind, trouble.Severity));
            Assert.Contains("Failed opening the temp RDB file", trouble.Evidence["error1"], StringComparison.Ordinal);
            Assert.Contains(trouble.Evidence.Values, error => error.EndsWith("Background saving error", StringComparison.Ordinal));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private async Task<Reading> ReadAsync(string log)
    {
        // The engine stamps the lines when they come out; a look takes those of the seconds that are over.
        await StartAsync("busybox cat /server.log; exec busybox sleep 1000", "-v", $"{log}:/server.log:ro");
        await Task.Delay(2500);
        return await ReadAsync(Target);
    }

    // Each holds what the other wants.
    private static async Task DeadlockAsync(NpgsqlDataSource product)
    {
        await using var first = await product.OpenConnectionAsync();
        await using var second = await product.OpenConnectionAsync();
        await using var one = await first.BeginTransactionAsync();
        await using var two = await second.BeginTransactionAsync();
        await new NpgsqlCommand("UPDATE a SET n = 2", first).ExecuteNonQueryAsync();
        await new NpgsqlCommand("UPDATE b SET n = 2", second).ExecuteNonQueryAsync();
        var waits = new NpgsqlCommand("UPDATE b SET n = 3", first).ExecuteNonQueryAsync();
        var closes = new NpgsqlCommand("UPDATE a SET n = 3", second).ExecuteNonQueryAsync();
        Assert.Equal(PostgresErrorCodes.DeadlockDetected, (await Assert.ThrowsAsync<PostgresException>(() => Task.WhenAll(waits, closes))).SqlState);
    }

    private static async Task ExecuteAsync(NpgsqlDataSource product, string sql)
    {
        await using var command = product.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task ConnectAsync(string connectionString)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
    }

    private static Task FailAsync(Func<Task> act) => Assert.ThrowsAnyAsync<Exception>(act);
}
