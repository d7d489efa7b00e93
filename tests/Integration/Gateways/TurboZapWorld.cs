using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Simulator.TurboZap;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>A simulated TurboZap whose table instances is a real one.</summary>
internal sealed class TurboZapWorld : IAsyncDisposable
{
    private readonly GatewayFixture _fixture = new();

    private TurboZapWorld(TurboZapSimulator gateway, TestDatabase database) => (Gateway, Database) = (gateway, database);

    public TurboZapSimulator Gateway { get; }

    /// <summary>TurboZap's own, beside Revalya's tables.</summary>
    public TestDatabase Database { get; }

    public GatewayFixture.MemoryCallLog Calls => _fixture.Calls;

    public static async Task<TurboZapWorld> StartAsync()
    {
        var world = new TurboZapWorld(await TurboZapSimulator.StartAsync(), await Databases.RevalyaAsync());
        await TurboZapTables.CreateAsync(world.Database.DataSource);
        TurboZapTables.Follow(world.Gateway, world.Database.DataSource);
        return world;
    }

    /// <param name="withDatabase">False: the fleet file names none.</param>
    public IGateway Open(string? key = null, bool withDatabase = true, string? database = null)
    {
        var (system, endpoint) = Place(key, withDatabase, database);
        return _fixture.Open(system, endpoint);
    }

    public (FleetSystem System, GatewayEndpoint Endpoint) Place(string? key = null, bool withDatabase = true, string? database = null) => (
        new() { Name = "revalya", Kind = SystemKinds.TurboZap, InstancePrefix = "revalya-" },
        new() { Name = "tz-1", Url = Gateway.Url, ApiKey = key ?? Gateway.ApiKey, Database = withDatabase ? database ?? Database.ConnectionString : null });

    public T Get<T>() where T : notnull => _fixture.Get<T>();

    public Task ExecuteAsync(string sql, params object[] values) => Database.ExecuteAsync(sql, values);

    public async ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        await Gateway.DisposeAsync();
        await Database.DisposeAsync();
    }
}
