using WhatsOps.Health;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Health;

public sealed class SweepStoreTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 8, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Reports_are_whole_for_an_hour_then_without_their_systems_and_gone_after_seven_days()
    {
        await using var database = await Databases.OperationsAsync();
        var store = new SweepStore(database.DataSource);
        foreach (var age in (TimeSpan[])[TimeSpan.FromDays(7) + TimeSpan.FromSeconds(1), TimeSpan.FromDays(7), TimeSpan.FromMinutes(61), TimeSpan.FromMinutes(60), TimeSpan.Zero]) await SaveAsync(store, Noon - age);

        var kept = new List<string>();
        await using var command = database.DataSource.CreateCommand(
            "SELECT round(extract(epoch FROM $1 - started_at) / 60) || ' ' || (report ? 'systems') || ' ' || (report ->> 'complete') FROM whatsops.sweeps ORDER BY started_at");
        command.Parameters.Add(new() { Value = Noon.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) kept.Add(row.GetString(0));
        Assert.Equal(["10080 false true", "61 false true", "60 true true", "0 true true"], kept);
        Assert.Single((await store.LatestAsync(default))!.Systems);
    }

    private static Task SaveAsync(SweepStore store, DateTimeOffset at) => store.SaveAsync(
        new SweepReport(Guid.CreateVersion7(at), at, at, HealthStatus.Healthy, true, [new SystemReport("shop", HealthStatus.Healthy, at, at, [], [], [], [], 2, null)]), default);
}
