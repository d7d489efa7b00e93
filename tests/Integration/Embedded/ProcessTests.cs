using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>The host as real processes: exit codes, signals, and two of them on one database.</summary>
public sealed class ProcessTests
{
    [Fact]
    public async Task An_app_that_cannot_start_says_why_in_a_few_lines_and_exits_with_1()
    {
        using var process = Start(new() { ["EmbeddedHost__MasterKey"] = "", ["EmbeddedHost__FunctionKey"] = "" });

        Assert.Equal(1, await process.ExitAsync());
        var error = process.Errors;
        Assert.Contains("The function app cannot start (4 problems):", error, StringComparison.Ordinal);
        Assert.Contains("EmbeddedHost__MasterKey is not set", error, StringComparison.Ordinal);
        Assert.Contains("HttpFunctions.Tick: timer schedule %TickSchedule%: the setting TickSchedule is not set.", error, StringComparison.Ordinal);
        Assert.Contains("EmbeddedHost__Database (or OperationsDatabase) is not set", error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_share_a_timer_one_goes_on_when_the_other_is_killed_and_a_stop_gives_the_lease_back()
    {
        await using var database = await TestDatabase.CreateAsync();
        Dictionary<string, string> settings = new()
        {
            ["EmbeddedHost__Database"] = database.ConnectionString,
            ["TickSchedule"] = "* * * * * *",
        };
        using var first = Start(settings);
        using var second = Start(settings);
        await Until(database, "SELECT last_run IS NOT NULL FROM durable.timers WHERE name = 'Tick'");
        var (firstRun, before) = await RowAsync(database);
        await Until(database, $"SELECT fence >= {before + 4} FROM durable.timers WHERE name = 'Tick'");
        var (lastRun, after) = await RowAsync(database);

        // Each run raises the fence by one; two hosts running the same second would raise it faster than the clock.
        Assert.InRange(after - before, 1, (long)Math.Ceiling((lastRun - firstRun).TotalSeconds) + 1);

        first.Kill();
        await Until(database, $"SELECT fence >= {after + 2} FROM durable.timers WHERE name = 'Tick'");

        Assert.Equal(0, await second.StopAsync());
        Assert.Equal(DBNull.Value, await ScalarAsync(database, "SELECT owner FROM durable.timers"));
    }

    private static HostProcess Start(Dictionary<string, string> settings) => HostProcess.Start(settings, HostProcess.ConformanceApp);

    private static async Task Until(TestDatabase database, string sql)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            try
            {
                if (await ScalarAsync(database, sql) is true)
                    return;
            }
            catch (Npgsql.PostgresException e) when (e.SqlState is "42P01" or "3F000")
            {
                // The processes have not made their table yet.
            }

            await Task.Delay(50, deadline.Token);
        }
    }

    private static async Task<(DateTimeOffset LastRun, long Fence)> RowAsync(TestDatabase database)
    {
        await using var command = database.DataSource.CreateCommand("SELECT last_run, fence FROM durable.timers WHERE name = 'Tick' AND lease_until IS NULL");
        while (true)
        {
            await using var reader = await command.ExecuteReaderAsync();
            if (await reader.ReadAsync())
                return (reader.GetFieldValue<DateTimeOffset>(0), reader.GetInt64(1));
        }
    }

    private static async Task<object?> ScalarAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}
