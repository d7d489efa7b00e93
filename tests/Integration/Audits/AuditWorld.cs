using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using WhatsOps.Audits;
using WhatsOps.Cli.Up;
using WhatsOps.Containers;
using WhatsOps.Diagnosis;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Routines;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Audits;

/// <summary>A small fleet to audit: simulated gateways, a real product database and a real operations database, and a clock that moves when told.</summary>
internal sealed class AuditWorld : IAsyncDisposable
{
    public const string Key = "planted-gateway-key-7f3a91c2";
    public const string System = "revalya";
    public const string Receiver = "https://ops.example.com";
    private readonly TestDatabase operations;
    private readonly TestDatabase product;
    private readonly string keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");
    private ServiceProvider services = null!;

    private AuditWorld(TestDatabase operations, TestDatabase product, EvolutionSimulator[] gateways) => (this.operations, this.product, Gateways) = (operations, product, gateways);

    public EvolutionSimulator[] Gateways { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public List<string> Logged { get; } = [];

    public FleetSystem Fleet { get; set; } = null!;

    /// <summary>Values behind references.</summary>
    public Dictionary<string, string> Settings { get; } = new() { ["${env:KEY}"] = Key };

    public TestDatabase Operations => operations;

    public NpgsqlDataSource Product => product.DataSource;

    public static async Task<AuditWorld> StartAsync(int gateways = 1, Func<int, SimulatorOptions, SimulatorOptions>? shape = null)
    {
        var simulators = new EvolutionSimulator[gateways];
        for (var g = 0; g < gateways; g++) simulators[g] = await EvolutionSimulator.StartAsync(shape?.Invoke(g, new() { ApiKey = Key }) ?? new() { ApiKey = Key });
        var world = new AuditWorld(await Databases.OperationsAsync(), await Databases.RevalyaAsync(), simulators);
        world.Settings["${env:PRODUCT}"] = world.product.ConnectionString;
        world.Fleet = new FleetSystem
        {
            Name = System,
            Kind = "evolution",
            InstancePrefix = "revalya-",
            Gateways = [.. simulators.Select((simulator, g) => new GatewayEndpoint { Name = $"gw{g}", Url = simulator.Url, ApiKey = "${env:KEY}" })],
            TenantDirectory = new() { Kind = "revalya", ConnectionString = "${env:PRODUCT}" },
            Webhook = new() { BaseUrl = Receiver, DeliverTo = "none", Events = ["CONNECTION_UPDATE", "QRCODE_UPDATED"] },
        };
        world.Wire();
        return world;
    }

    public IServiceProvider Services => services;

    public IEnumerable<T> GetAll<T>() => services.GetServices<T>();

    /// <summary>A message event in the log.</summary>
    public async Task EventAsync(string tenant, string instance, DateTimeOffset at, bool foreign)
    {
        await ExecuteAsync(operations.DataSource, $"SELECT whatsops.ensure_event_day('{at.UtcDateTime:yyyy-MM-dd}')");
        await using var insert = operations.DataSource.CreateCommand(
            "INSERT INTO whatsops.events (system, tenant, received_at, id, event, instance, is_foreign, size) VALUES ('revalya', $2, $1, gen_random_uuid(), 'messages.upsert', $3, $4, 10)");
        foreach (var value in (object[])[at.UtcDateTime, tenant, instance, foreign]) insert.Parameters.Add(new() { Value = value });
        await insert.ExecuteNonQueryAsync();
    }

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    /// <summary>A tenant with its row and its open instance, all as it should be unless said otherwise.</summary>
    public async Task AddAsync(string slug, int gateway = 0, string? config = null, bool active = true, bool tenantActive = true, InstanceSeed? instance = null, bool withInstance = true)
    {
        await RevalyaTables.SeedAsync(
            product.DataSource, slug, config ?? $$"""{"instance_name":"revalya-{{slug}}","api_url":"{{Gateways[gateway].Url}}","environment":"production"}""", tenantActive, active,
            webhookUrl: Address(slug));
        if (withInstance) Gateways[gateway].Seed(instance ?? new InstanceSeed { Name = $"revalya-{slug}", Webhook = await WebhookAsync(slug) });
    }

    /// <summary>The webhook that the tenant should have.</summary>
    public async Task<WebhookSeed> WebhookAsync(string slug) => new()
    {
        Url = Address(slug),
        Events = Fleet.Webhook.Events,
        Headers = new Dictionary<string, string> { ["x-whatsops-secret"] = (await Get<ITenantSecrets>().EnsureAsync(System, slug, default)).Current },
    };

    public async Task<RoutineOutcome> RunAsync(string routine)
    {
        Time.Advance(TimeSpan.FromMinutes(1));
        return await services.GetServices<IRoutine>().Single(candidate => candidate.Name == routine).RunAsync(new(Fleet, Time.GetUtcNow(), null), CancellationToken.None);
    }

    public Task<IReadOnlyList<Finding>> OpenAsync(string? kind = null) => Get<IFindings>().ListAsync(new FindingQuery(Kind: kind, Limit: 1000), CancellationToken.None);

    public async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        foreach (var gateway in Gateways) await gateway.DisposeAsync();
        await operations.DisposeAsync();
        await product.DisposeAsync();
        File.Delete(keyFile);
    }

    private static string Address(string slug) => $"{Receiver}/api/whatsapp/webhook/{slug}";

    private void Wire()
    {
        File.WriteAllText(keyFile, Convert.ToBase64String(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var fleet = new Mock<IFleet>();
        fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<FleetVersion?>(new FleetVersion(1, new FleetDocument { Systems = [Fleet] }, Time.GetUtcNow(), "ana")));
        fleet.Setup(f => f.Resolve(It.IsAny<string>())).Returns((string reference) =>
            !reference.StartsWith("${", StringComparison.Ordinal) ? reference : Settings.TryGetValue(reference, out var value) ? value : throw new MissingSecretException(reference));
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DataKeyFile"] = keyFile }).Build())
            .AddSingleton(operations.DataSource)
            .AddSingleton<TimeProvider>(Time)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLogger(Logged)))
            .AddFleet().AddSingleton(fleet.Object).AddSingleton(Mock.Of<IFleetRejections>())
            .AddGateways().AddInstances().AddFindings().AddSingleton<RoutineStore>().AddHealth().AddContainers().AddWatch().AddAudits()
            .AddSingleton<EventTraffic>().AddSingleton<PerformanceReader>().AddSingleton<SurroundingsReader>().AddSingleton<DiagnosisObserver>().AddSingleton<Diagnostician>()
            .BuildServiceProvider();
    }
}
