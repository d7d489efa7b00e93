using WhatsOps.Events;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Events;

/// <summary>A storm of hundreds of instances is written in parts, so that none of their rows is locked for long, and to the last count.</summary>
public sealed class StormCountsTests : IAsyncLifetime
{
    private const int Instances = 250;
    private static readonly DateTimeOffset Minute = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private TestDatabase _database = null!;
    private ReceiverHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _host = await ReceiverHost.StartAsync(_database.ConnectionString, null, new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Minute));
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task What_one_row_holds_up_is_written_later_and_what_comes_before_it_at_once()
    {
        var counts = _host.Get<StormCounts>();
        Rage();
        await counts.FlushAsync(CancellationToken.None);
        Assert.Equal(Instances, await CountedAsync());

        // Somebody holds the row of instance 150 of 250: the second part of a hundred waits for it.
        await using var connection = await _database.DataSource.OpenConnectionAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using (var hold = new Npgsql.NpgsqlCommand("SELECT 1 FROM whatsops.instances WHERE instance = 'shop-150' FOR UPDATE", connection, transaction)) await hold.ExecuteNonQueryAsync();
        Rage();
        using var patience = new CancellationTokenSource();
        var flush = counts.FlushAsync(patience.Token);
        await Until.TrueAsync(async () => await CountedAsync() == Instances + 100);
        Assert.False(flush.IsCompleted);

        // Given up, the rest is kept, and no count is lost or written twice.
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush);
        Rage();
        await transaction.RollbackAsync();
        await counts.FlushAsync(CancellationToken.None);
        Assert.Equal(3 * Instances, await CountedAsync());
        Assert.Equal(Instances, await _host.CountAsync("storm_counts", "count = 3"));
        Assert.Equal(Instances, await _host.CountAsync("instances", "state = 'connecting'"));
    }

    // One absorbed event of every instance; the first time after those that make it a storm.
    private void Rage()
    {
        var guard = _host.Get<StormGuard>();
        for (var i = 0; i < Instances; i++)
        {
            var place = new StormPlace("shop", $"{i:000}", $"shop-{i:000}", "connection.update", "connecting", IsForeign: false);
            if (guard.Absorb(place, Minute, null)) continue;
            for (var stored = 0; stored < 5; stored++) guard.Stored(place, Minute);
            Assert.True(guard.Absorb(place, Minute, null));
        }
    }

    private async Task<long> CountedAsync() => (long)await _host.ScalarAsync<decimal>("SELECT coalesce(sum(count), 0) FROM whatsops.storm_counts");
}
