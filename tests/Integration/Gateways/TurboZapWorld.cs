using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
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
        await world.ExecuteAsync(
            """
            CREATE TABLE instances (id uuid PRIMARY KEY, name varchar(100) UNIQUE NOT NULL, api_key text, status varchar(20), phone_number text, device_jid text,
                created_at timestamptz NOT NULL DEFAULT clock_timestamp(), updated_at timestamptz NOT NULL DEFAULT clock_timestamp())
            """);
        world.Gateway.StatusChanged = (device, isRemoved) => isRemoved
            ? world.ExecuteAsync("DELETE FROM instances WHERE name = $1", device.Name)
            : world.ExecuteAsync(
                """
                INSERT INTO instances (id, name, api_key, status, device_jid) VALUES ($1, $2, 'secret-of-the-instance', $3, $4)
                ON CONFLICT (name) DO UPDATE SET status = excluded.status, device_jid = excluded.device_jid, updated_at = clock_timestamp()
                """, device.Id, device.Name, device.Status, device.IsPaired ? $"{device.Number}:1@s.whatsapp.net" : "");
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
