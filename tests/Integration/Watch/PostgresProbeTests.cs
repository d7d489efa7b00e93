using System.Net;
using System.Net.Sockets;
using Npgsql;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

public sealed class PostgresProbeTests : WatchedDatabase
{
    [Fact]
    [Capability("R-014")]
    [Capability("R-313")]
    [Capability("R-234", Absent = true)]
    public async Task A_database_tells_its_vitals_and_what_it_cannot_tell_is_said()
    {
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.NotNull(await world.ValueAsync("postgres/db", "postgres.answer.seconds"));
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.connections"))!.Value, 1, 200);
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.size.bytes"))!.Value, 1_000_000, 1e9);
        // The fake clock is a minute ahead.
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.clock_skew.seconds"))!.Value, 30, 60);
        Assert.Contains("threshold_crossed clock-skew/postgres/db", await world.OpenAsync());
        Assert.Contains("target_not_observable postgres/db/statements", await world.OpenAsync());
    }

    [Fact]
    [Capability("R-014", Absent = true)]
    [Source("postgres", SourceState.Absent, "target_absent")]
    [Source("postgres", SourceState.Unauthorized, "target_unauthorized")]
    [Source("postgres", SourceState.Slow, "target_unreachable")]
    [Source("postgres", SourceState.Lying, "target_unreachable")]
    public async Task A_database_that_is_not_there_a_wrong_password_and_a_server_that_hangs_are_told_apart()
    {
        using var hanging = new TcpListener(IPAddress.Loopback, 0);
        hanging.Start();
        using var lying = new TcpListener(IPAddress.Loopback, 0);
        lying.Start();
        var lies = LieAsync(lying);
        var good = new NpgsqlConnectionStringBuilder(Product.ConnectionString);
        await using var world = await WorldAsync("gone", "wrong", "hangs", "refused", "lies", "nonsense");
        world.Settings["GONE"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Database = "no_such_database" }.ConnectionString;
        world.Settings["WRONG"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Password = "planted-password-77" }.ConnectionString;
        world.Settings["HANGS"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Port = ((IPEndPoint)hanging.LocalEndpoint).Port }.ConnectionString;
        world.Settings["REFUSED"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Port = 1 }.ConnectionString;
        world.Settings["LIES"] = new NpgsqlConnectionStringBuilder(good.ConnectionString) { Port = ((IPEndPoint)lying.LocalEndpoint).Port }.ConnectionString;
        world.Settings["NONSENSE"] = "this is no connection string";
        for (var look = 0; look < 2; look++) await world.TickPastPatienceAsync();

        Assert.Equal(
            ["target_absent postgres/gone", "target_unauthorized postgres/nonsense", "target_unauthorized postgres/wrong", "target_unreachable postgres/hangs", "target_unreachable postgres/lies", "target_unreachable postgres/refused"],
            await world.OpenAsync());
        lying.Stop();
        await lies;
        Assert.DoesNotContain(await world.FindingsAsync(), finding => finding.Cause.Contains("planted-password", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_see_what_others_run_is_told_so_and_no_number_stands_in()
    {
        await ExecuteAsync("DO $$ BEGIN CREATE ROLE onlooker LOGIN PASSWORD 'onlooker'; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        await using var world = await WorldAsync();
        world.Settings["DB"] = new NpgsqlConnectionStringBuilder(Product.ConnectionString) { Username = "onlooker", Password = "onlooker" }.ConnectionString;
        await world.TickAsync();
        Assert.Contains("target_not_observable postgres/db/activity", await world.OpenAsync());
        Assert.Null(await world.ValueAsync("postgres/db", "postgres.longest_query.seconds"));
    }

    [Fact]
    [Capability("R-234", Absent = true)]
    public async Task An_extension_without_its_library_counts_nothing_and_that_is_told()
    {
        await ExecuteAsync("CREATE EXTENSION pg_stat_statements");
        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.Contains("its library is not loaded", Assert.Single(await world.FindingsAsync(), finding => finding.Subject == "postgres/db/statements").Cause, StringComparison.Ordinal);
        Assert.Null(await world.ValueAsync("postgres/db", "postgres.slowest_statement.ms"));
    }

    [Fact]
    public async Task A_statement_that_runs_and_a_transaction_left_open_are_measured()
    {
        await using var sleeping = new NpgsqlConnection(Product.ConnectionString);
        await sleeping.OpenAsync();
        await using var sleep = new NpgsqlCommand("SELECT pg_sleep(30)", sleeping);
        using var enough = new CancellationTokenSource();
        var running = sleep.ExecuteNonQueryAsync(enough.Token);
        await using var idle = new NpgsqlConnection(Product.ConnectionString);
        await idle.OpenAsync();
        await using var open = await idle.BeginTransactionAsync();
        await using (var one = new NpgsqlCommand("SELECT 1", idle, open)) await one.ExecuteScalarAsync();
        await Task.Delay(1100);

        await using var world = await WorldAsync();
        await world.TickAsync();
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.longest_query.seconds"))!.Value, 1, 60);
        Assert.InRange((await world.ValueAsync("postgres/db", "postgres.idle_in_transaction.seconds"))!.Value, 1, 60);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    // A server of another protocol.
    private static async Task LieAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            }
        }
        catch (Exception problem) when (problem is SocketException or ObjectDisposedException or IOException)
        {
            // The test is over.
        }
    }
}
