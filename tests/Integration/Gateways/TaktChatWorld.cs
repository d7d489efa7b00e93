using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Simulator;
using WhatsOps.Simulator.TaktChat;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Gateways;

/// <summary>A simulated TaktChat whose tables are real ones, as Sequelize makes them.</summary>
internal sealed class TaktChatWorld : IAsyncDisposable
{
    public const string Email = "ops@example.com";
    public const string Password = "p4ss-of-the-ops-user";
    private readonly GatewayFixture _fixture;

    private TaktChatWorld(TaktChatSimulator gateway, TestDatabase database, TimeProvider? time) => (Gateway, Database, _fixture) = (gateway, database, new(time));

    public TaktChatSimulator Gateway { get; }

    /// <summary>TaktChat's own.</summary>
    public TestDatabase Database { get; }

    public GatewayFixture.MemoryCallLog Calls => _fixture.Calls;

    public static async Task<TaktChatWorld> StartAsync(TimeProvider? time = null)
    {
        var world = new TaktChatWorld(await TaktChatSimulator.StartAsync(), await TestDatabase.CreateAsync("taktchat", TaktChatTables.CreateAsync), time);
        world.Gateway.AddUser(1, Email, Password);
        TaktChatTables.Follow(world.Gateway, world.Database.DataSource);
        return world;
    }

    /// <param name="companies">Those of which there is an account, the listing one first.</param>
    public (FleetSystem System, GatewayEndpoint Endpoint) Place(params int[] companies)
    {
        var endpoint = new GatewayEndpoint
        {
            Name = "main", Url = Gateway.Url,
            Accounts = [.. (companies.Length == 0 ? [1] : companies).Select(company => new GatewayAccount { Company = company, Email = company == 1 ? Email : $"ops-{company}@example.com", Password = Password })],
        };
        return (new()
        {
            Name = "takt", Kind = SystemKinds.TaktChat, Gateways = [endpoint], TenantDirectory = new() { Kind = SystemKinds.TaktChat, ConnectionString = Database.ConnectionString },
        }, endpoint);
    }

    public IGateway Open(params int[] companies)
    {
        var (system, endpoint) = Place(companies);
        return _fixture.Open(system, endpoint, forSweep: true);
    }

    public T Get<T>() where T : notnull => _fixture.Get<T>();

    public Task ExecuteAsync(string sql, params object[] values) => Database.ExecuteAsync(sql, values);

    public async ValueTask DisposeAsync()
    {
        _fixture.Dispose();
        await Gateway.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>Open is also what nothing seen would read as.</summary>
    public static async Task AssertOpenAsync(IGateway gateway, string name) =>
        Assert.Equal((Outcome.Seen, InstanceState.Open), (await gateway.StateAsync(name, default)) is var seen ? (seen.Outcome, seen.Value) : default);
}
