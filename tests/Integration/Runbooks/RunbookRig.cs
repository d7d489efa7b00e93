using System.Text.Json;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Moq;
using WhatsOps.Blobs;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Durable;
using WhatsOps.Tests.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>The runbooks on a real database, with the motor in place instead of an engine, and waits a thousand times shorter.</summary>
internal sealed class RunbookRig : IAsyncDisposable
{
    public static readonly Operator Ana = new() { Name = "ana", Role = OperatorRole.Approver, KeyHash = "" };
    public static readonly Operator Bia = new() { Name = "bia", Role = OperatorRole.Approver, KeyHash = "" };
    public static readonly RunTarget Target = new("revalya", "acme", "revalya-acme", "evo-1", null);

    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");
    private readonly IReadOnlyList<Runbook> _sketches;
    private readonly List<ServiceProvider> _providers = [];

    private readonly Action<IServiceCollection>? _more;

    private RunbookRig(TestDatabase database, FleetDocument document, IReadOnlyList<Runbook> sketches, double timeScale, Action<IServiceCollection>? more = null)
    {
        TimeScale = timeScale;
        _more = more;
        Database = database;
        _sketches = sketches;
        File.WriteAllText(_keyFile, Convert.ToBase64String(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Fleet = new(document);
        Client.Setup(client => client.ScheduleNewOrchestrationInstanceAsync(
                It.IsAny<Microsoft.DurableTask.TaskName>(), It.IsAny<object?>(), It.IsAny<Microsoft.DurableTask.StartOrchestrationOptions?>(), It.IsAny<CancellationToken>()))
            .ReturnsAsync("started");
        Services = Process();
    }

    public double TimeScale { get; }

    public string KeyFile => _keyFile;

    public TestDatabase Database { get; }

    public FixedFleet Fleet { get; }

    public MemoryBlobs Blobs { get; } = new();

    public Mock<DurableTaskClient> Client { get; } = new("test");

    public ServiceProvider Services { get; }

    public RunDesk Desk => Get<RunDesk>();

    public RunStore Runs => Get<RunStore>();

    public static async Task<RunbookRig> CreateAsync(params IReadOnlyList<Runbook> sketches) =>
        new(await Databases.OperationsAsync(), Document(new FleetSystem { Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-" }), sketches, 0.001);

    /// <summary>A rig for a fleet of real (simulated) gateways and product databases.</summary>
    /// <param name="more">Services of later stations, in every process.</param>
    /// <param name="database">The operations database; null makes one.</param>
    public static async Task<RunbookRig> CreateAsync(FleetDocument document, double timeScale, Action<IServiceCollection>? more = null, TestDatabase? database = null) =>
        new(database ?? await Databases.OperationsAsync(), document, [], timeScale, more);

    public static FleetDocument Document(params IReadOnlyList<FleetSystem> systems) => new() { Systems = systems };

    /// <summary>The services of one more process on the same database.</summary>
    public ServiceProvider Process(Action<IServiceCollection>? change = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["DataKeyFile"] = _keyFile }).Build();
        var services = new ServiceCollection().AddLogging().AddHttpClient().AddSingleton<IConfiguration>(settings).AddSingleton(Database.DataSource)
            .AddSingleton<TimeProvider>(TimeProvider.System).AddFleet().AddGateways().AddInstances().AddFindings()
            .AddSingleton<IFleet>(Fleet).AddSingleton<IBlobStore>(Blobs).AddSingleton(new RunbookPatience { TimeScale = TimeScale });
        change?.Invoke(services);
        services.AddRunbooks(settings);
        _more?.Invoke(services);
        foreach (var sketch in _sketches) services.AddSingleton(sketch);
        var provider = services.BuildServiceProvider();
        _providers.Add(provider);
        return provider;
    }

    public T Get<T>() where T : notnull => Services.GetRequiredService<T>();

    /// <summary>A run of Ana's, approved by Bia where it must be.</summary>
    public async Task<Run> OpenAsync(Runbook runbook, RunTarget? target = null)
    {
        var run = await Desk.RequestAsync(Client.Object, runbook, target ?? Target, "because", Ana, default);
        return run.ApprovedAt is null ? await Desk.ApproveAsync(Client.Object, run.Id, run.PlanHash, Bia, default) : run;
    }

    /// <summary>Lets the motor walk the run to its end; returns the final state.</summary>
    public async Task<RunState> DriveAsync(Run run, Runbook runbook, ServiceProvider? process = null)
    {
        var executor = (process ?? Services).GetRequiredService<StepExecutor>();
        var output = await new InlineOrchestration(run.Id, call => executor.ExecuteAsync(call, default), realTimers: true).RunAsync(runbook);
        var ended = (await Runs.FindAsync(run.Id, default))!;
        Assert.True(ended.IsFinal);
        Assert.Equal(SnakeName<RunState>.Of(ended.State), output);
        return ended.State;
    }

    /// <summary>The embedded engine that moves the runs of one runbook, with the services of one process.</summary>
    public async Task<TestEngine> StartEngineAsync(Runbook runbook, ServiceProvider process, int activities = 20)
    {
        var executor = process.GetRequiredService<StepExecutor>();
        var functions = new TestFunctions()
            .Orchestrator(runbook.Orchestrator, async context => await RunbookMotor.RunAsync(context, runbook))
            .Activity(RunbookMotor.Activity, async (input, cancellation) => await executor.ExecuteAsync(input.Deserialize<StepCall>(JsonSerializerOptions.Web)!, cancellation));
        return await (await TestEngine.StartAsync(Database.ConnectionString, functions, maxActivities: activities)).UntilOwnerAsync();
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T?> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is T value ? value : default;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var provider in _providers) await provider.DisposeAsync();
        await Database.DisposeAsync();
        File.Delete(_keyFile);
    }
}
