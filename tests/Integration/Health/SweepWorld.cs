using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>A small fleet: simulated gateways, a real operations database, a clock that moves when told.</summary>
internal sealed class SweepWorld : IAsyncDisposable
{
    public const string Key = "planted-gateway-key";
    public const string System = "revalya";
    private readonly TestDatabase database;
    private readonly List<ServiceProvider> processes = [];
    private readonly Mock<IFleet> fleet = new();
    private FleetSystem[] others = [];

    private SweepWorld(TestDatabase database, EvolutionSimulator[] gateways) => (this.database, Gateways) = (database, gateways);

    public EvolutionSimulator[] Gateways { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public Mock<ITenantDirectory> Directory { get; } = new();

    public List<Tenant> Tenants { get; } = [];

    public List<string> Logged { get; } = [];

    /// <summary>The only system, or the first after <see cref="Split"/>.</summary>
    public FleetSystem Fleet { get; set; } = null!;

    public AlertSettings Alerts { get; set; } = new();

    public TestDatabase Database => database;

    public IFindings Findings => processes[0].GetRequiredService<IFindings>();

    public IInstanceStates States => processes[0].GetRequiredService<IInstanceStates>();

    public SweepStore Sweeps => processes[0].GetRequiredService<SweepStore>();

    /// <param name="perGateway">Open instances <c>revalya-g{gateway}t{n}</c> on each gateway, each an active tenant.</param>
    public static async Task<SweepWorld> StartAsync(int gateways = 1, int perGateway = 5, Func<int, SimulatorOptions, SimulatorOptions>? shape = null)
    {
        var simulators = new EvolutionSimulator[gateways];
        for (var g = 0; g < gateways; g++)
        {
            var options = new SimulatorOptions { ApiKey = Key, Instances = [.. Enumerable.Range(0, perGateway).Select(i => new InstanceSeed { Name = $"revalya-g{g}t{i}" })] };
            simulators[g] = await EvolutionSimulator.StartAsync(shape?.Invoke(g, options) ?? options);
        }

        var world = new SweepWorld(await Databases.OperationsAsync(), simulators);
        for (var g = 0; g < gateways; g++)
            for (var i = 0; i < perGateway; i++)
                world.Add($"g{g}t{i}", g);
        world.Fleet = new FleetSystem
        {
            Name = System,
            Kind = "evolution",
            InstancePrefix = "revalya-",
            Gateways = [.. simulators.Select((simulator, g) => new GatewayEndpoint { Name = $"gw{g}", Url = simulator.Url, ApiKey = "${env:KEY}" })],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = "${env:PRODUCT}" },
        };
        world.Wire();
        world.Process();
        return world;
    }

    public void Add(string slug, int gateway, bool active = true, string? instanceName = null) => Tenants.Add(new Tenant(
        System, slug, true, new TenantIntegration(instanceName ?? $"revalya-{slug}", active, "connected", Gateways[gateway].Url + "/", null, Time.GetUtcNow())));

    /// <summary>One system per gateway, with its tenants.</summary>
    public void Split(string[] names, SystemThresholds thresholds)
    {
        var systems = names.Select((name, g) => Fleet with { Name = name, Gateways = [Fleet.Gateways[g]], Thresholds = thresholds }).ToArray();
        for (var i = 0; i < Tenants.Count; i++)
            Tenants[i] = Tenants[i] with { System = names[Array.FindIndex(Gateways, gateway => gateway.Url + "/" == Tenants[i].Integration!.ApiUrl)] };
        (Fleet, others) = (systems[0], systems[1..]);
    }

    /// <summary>Another process on the same database.</summary>
    public ServiceProvider Process()
    {
        var process = new ServiceCollection()
            .AddSingleton(database.DataSource)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(fleet.Object)
            .AddSingleton(Directory.Object)
            .AddSingleton(Mock.Of<IFleetRejections>())
            .AddSingleton(Protector())
            .AddSingleton<EventDataKeys>().AddSingleton<TokenHashes>().AddSingleton<IInstanceTokenHashes>(services => services.GetRequiredService<TokenHashes>())
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLogger(Logged)))
            .AddGateways().AddInstances().AddFindings().AddHealth().AddAlerts()
            .BuildServiceProvider();
        processes.Add(process);
        return process;
    }

    public async Task<SweepReport> SweepAsync(ServiceProvider? process = null)
    {
        Time.Advance(TimeSpan.FromMinutes(5));
        return (await (process ?? processes[0]).GetRequiredService<HealthSweep>().RunAsync(CancellationToken.None))!;
    }

    /// <summary>A sweep against a target that never answers: the clock moves on until it gives up.</summary>
    public async Task<SweepReport> SweepThroughAsync()
    {
        var sweeping = SweepAsync();
        while (!sweeping.IsCompleted)
        {
            // A living gateway has 10 s of this clock for an answer: a second of real time.
            await Task.WhenAny(sweeping, Task.Delay(30));
            if (!sweeping.IsCompleted) Time.Advance(TimeSpan.FromMilliseconds(300));
        }

        return await sweeping;
    }

    public Task<IReadOnlyList<Finding>> OpenAsync(string? kind = null) => Findings.ListAsync(new FindingQuery(Kind: kind, Limit: 1000), CancellationToken.None);

    public static string[] Kinds(IEnumerable<Finding> findings) => [.. findings.Select(finding => finding.Kind).Order(StringComparer.Ordinal)];

    /// <summary>An event from the gateway, as the receiver would note it.</summary>
    public Task HeardAsync(string slug, InstanceState state)
    {
        Time.Advance(TimeSpan.FromSeconds(1));
        return States.RecordAsync(
            [new InstanceSighting(System, slug, "gw0", $"revalya-{slug}", state, Time.GetUtcNow(), "webhook", null)], CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        foreach (var gateway in Gateways) await gateway.DisposeAsync();
        await database.DisposeAsync();
    }

    private static ISecretProtector Protector()
    {
        var protector = new Mock<ISecretProtector>();
        protector.Setup(p => p.Protect(It.IsAny<string>(), It.IsAny<string>())).Returns((string secret, string _) => Encoding.UTF8.GetBytes(secret));
        protector.Setup(p => p.Unprotect(It.IsAny<byte[]>(), It.IsAny<string>())).Returns((byte[] secret, string _) => Encoding.UTF8.GetString(secret));
        return protector.Object;
    }

    private void Wire()
    {
        fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>())).Returns(() => new ValueTask<FleetVersion?>(
            new FleetVersion(1, new FleetDocument { Systems = [Fleet, .. others], Alerts = Alerts }, Time.GetUtcNow(), "ana")));
        fleet.Setup(f => f.Resolve(It.IsAny<string>())).Returns((string reference) => reference == "${env:KEY}" ? Key : reference);
        Directory.Setup(d => d.PingAsync(It.IsAny<FleetSystem>(), It.IsAny<CancellationToken>())).ReturnsAsync(TimeSpan.FromMilliseconds(1));
        Directory.Setup(d => d.ListAsync(It.IsAny<FleetSystem>(), It.IsAny<CancellationToken>())).ReturnsAsync((FleetSystem system, CancellationToken _) => [.. Tenants.Where(tenant => tenant.System == system.Name)]);
    }
}
