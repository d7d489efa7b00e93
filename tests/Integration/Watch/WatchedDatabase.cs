using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A product's database, and a watch of it.</summary>
public abstract class WatchedDatabase : IAsyncLifetime
{
    private protected TestDatabase Product { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Product = await TestDatabase.CreateAsync();

    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return Product.DisposeAsync();
    }

    private protected static async Task<string?> WordsAsync(WatchWorld world) => Assert.Single(await world.Get<WatchBoard>().TargetsAsync(WatchWorld.System, CancellationToken.None)).Words;

    private protected Task<WatchWorld> WorldAsync(params string[] names) => WorldAsync(null, names);

    private protected async Task<WatchWorld> WorldAsync(ProductTables? tables, params string[] names)
    {
        var world = await WatchWorld.StartAsync(new() { Postgres = [.. names.DefaultIfEmpty("db").Select(name => new PostgresTarget { Name = name, ConnectionString = $"${{env:{name.ToUpperInvariant()}}}", Tables = tables })] });
        world.Settings["DB"] = Product.ConnectionString;
        return world;
    }

    private protected Task ExecuteAsync(string sql) => Product.ExecuteAsync(sql);
}
