using WhatsOps.Gateways;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Gateways.Instances;

public sealed class OrphanStoreTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private TestDatabase _database = null!;
    private OrphanStore _orphans = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _orphans = new OrphanStore(_database.DataSource);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task An_orphan_keeps_its_first_sighting_until_it_is_one_no_more_and_then_begins_anew()
    {
        await SeeAsync(0, "shop-a", "shop-b");
        await SeeAsync(3, "shop-a");
        await SeeAsync(5, "shop-a", "shop-b");
        var known = await _orphans.ListAsync("shop", "evo-1", default);
        Assert.Equal([("shop-a", Start, Start.AddDays(5)), ("shop-b", Start.AddDays(5), Start.AddDays(5))], known.Select(orphan => (orphan.Instance, orphan.FirstSeen, orphan.LastSeen)));
    }

    [Fact]
    public async Task An_older_look_neither_forgets_nor_rejuvenates()
    {
        await SeeAsync(2, "shop-a");
        await SeeAsync(1);
        Assert.Equal(Start.AddDays(2), Assert.Single(await _orphans.ListAsync("shop", "evo-1", default)).LastSeen);
    }

    [Fact]
    public async Task Gateways_and_systems_are_kept_apart()
    {
        await SeeAsync(0, "shop-a");
        await _orphans.RecordAsync("shop", "evo-2", ["shop-a"], Start, default);
        await _orphans.RecordAsync("shop2", "evo-1", ["shop-a"], Start, default);
        await SeeAsync(1);
        await _orphans.ForgetAsync("shop2", "evo-1", "shop-a", default);
        Assert.Empty(await _orphans.ListAsync("shop", "evo-1", default));
        Assert.Empty(await _orphans.ListAsync("shop2", "evo-1", default));
        Assert.Single(await _orphans.ListAsync("shop", "evo-2", default));
    }

    [Fact]
    public async Task The_first_quarantine_counts_and_survives_further_looks()
    {
        await SeeAsync(0, "shop-a");
        await _orphans.QuarantineAsync("shop", "evo-1", "shop-a", Start.AddDays(1), default);
        await _orphans.QuarantineAsync("shop", "evo-1", "shop-a", Start.AddDays(2), default);
        await _orphans.QuarantineAsync("shop", "evo-1", "shop-nobody", Start.AddDays(2), default);
        await SeeAsync(3, "shop-a");
        Assert.Equal(Start.AddDays(1), Assert.Single(await _orphans.ListAsync("shop", "evo-1", default)).QuarantinedAt);
    }

    private Task SeeAsync(int day, params IReadOnlyCollection<string> orphans) => _orphans.RecordAsync("shop", "evo-1", orphans, Start.AddDays(day), default);
}
