using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Gateways;

public sealed class GatewayCallLogTests
{
    [Fact]
    public async Task What_was_recorded_is_in_the_database_at_the_latest_after_stop()
    {
        await using var database = await Databases.OperationsAsync();
        var log = new GatewayCallLog(database.DataSource, TimeProvider.System, NullLogger<GatewayCallLog>.Instance);
        await log.StartAsync(default);
        for (var call = 0; call < 2_500; call++) log.Record(Call($"revalya-t{call}", call % 2 == 0 ? 200 : null));
        await log.StopAsync(default);

        await using var command = database.DataSource.CreateCommand("SELECT count(*), count(status), count(DISTINCT instance), max(duration_ms) FROM whatsops.gateway_calls");
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Assert.Equal((2_500L, 1_250L, 2_500L, 12), (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt32(3)));
        Assert.Equal(0, log.Dropped);
    }

    [Fact]
    public async Task A_database_that_is_away_costs_notes_not_callers()
    {
        await using var nowhere = NpgsqlDataSource.Create("Host=127.0.0.1;Port=9;Username=x;Timeout=1");
        var log = new GatewayCallLog(nowhere, TimeProvider.System, NullLogger<GatewayCallLog>.Instance);
        for (var call = 0; call < 10_500; call++) log.Record(Call("revalya-a", 200));

        Assert.Equal(500, log.Dropped);
        await log.StartAsync(default);
        await log.StopAsync(default);
        Assert.True(log.Dropped >= 1_500);
    }

    private static GatewayCall Call(string instance, int? status) => new(
        new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), "revalya", "main", null, instance, "state", "seen", status, TimeSpan.FromMilliseconds(12));
}
