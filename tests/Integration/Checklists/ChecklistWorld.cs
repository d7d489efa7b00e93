using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using WhatsOps.Alerts;
using WhatsOps.Blobs;
using WhatsOps.Checklists;
using WhatsOps.Diagnosis;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;
using WhatsOps.Reports;
using WhatsOps.Retention;
using WhatsOps.Routines;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Checklists;

/// <summary>Checklists over a real database, from Monday, 2 March 2026, 09:00 in São Paulo.</summary>
internal sealed class ChecklistWorld : IAsyncDisposable
{
    public const string System = "revalya";
    private readonly ServiceProvider services;

    private ChecklistWorld(TestDatabase database)
    {
        Database = database;
        Doctor.Setup(d => d.ExamineAsync(It.IsAny<CancellationToken>())).ReturnsAsync([DoctorCheck.Fail("gateway.key", Revalya, "gw", "refused", "set GATEWAY_KEY"), DoctorCheck.Good("database", null, "operations", "fine")]);
        services = new ServiceCollection()
            .AddSingleton(database.DataSource).AddSingleton<TimeProvider>(Time).AddSingleton<IFleet>(new FixedFleet(new FleetDocument { Systems = [Revalya], Alerts = new() { Routes = [new() { Name = "team", Kind = "log" }] } }))
            .AddSingleton<IBlobStore>(new MemoryBlobs()).AddSingleton<ProductDatabases>().AddSingleton<IAuditTrail, AuditTrail>().AddSingleton(Doctor.Object)
            .AddSingleton(Mock.Of<IFleetRejections>()).AddSingleton(Mock.Of<ITenantDirectory>())
            .AddLogging().AddGateways().AddInstances().AddFindings().AddRoutines().AddHealth().AddAlerts().AddRetention().AddReports().AddSingleton<WatchBoard>().AddChecklists()
            .BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));

    public Mock<IDoctor> Doctor { get; } = new();

    public FleetSystem Revalya { get; } = new() { Name = System, Kind = "evolution" };

    public static Operator Ana { get; } = new() { Name = "ana", Role = OperatorRole.Approver, KeyHash = "" };

    public static Operator Otto { get; } = new() { Name = "otto", Role = OperatorRole.Operator, KeyHash = "" };

    public IFindings Findings => Get<IFindings>();

    public TaskStore Tasks => Get<TaskStore>();

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    public static async Task<ChecklistWorld> CreateAsync() => new(await Databases.OperationsAsync());

    /// <param name="system">Null: Revalya.</param>
    public Task<RoutineOutcome> RunAsync(string routine, FleetSystem? system = null) => services.GetServices<IRoutine>().Single(one => one.Name == routine).RunAsync(new(system ?? Revalya, Time.GetUtcNow(), null), default);

    public async Task<HumanTask> TaskAsync(string row, string? period = null) =>
        (await Tasks.ListAsync(System, null, 1000, default)).First(task => task.Row == row && (period is null || task.Period == period));

    public Task<HumanTask> SayAsync(HumanTask task, string? outcome, string? note = null, DateTimeOffset? until = null, Operator? by = null) =>
        Get<TaskDesk>().SettleAsync(task.Id, new(outcome, note, until), by ?? Otto, default);

    public Task TickAsync(TimeSpan later)
    {
        Time.Advance(later);
        return Get<TaskClock>().TickAsync(default);
    }

    /// <summary>As if a routine had run now.</summary>
    public Task RanAsync(string routine, string outcome = "done") => Get<RoutineStore>().SaveAsync(
        new(Guid.CreateVersion7(Time.GetUtcNow()), System, routine, Time.GetUtcNow(), null, Time.GetUtcNow(), Time.GetUtcNow(), outcome, "All is well.", null), default);

    public Task<Finding> FindAsync(string kind, Severity severity, params (string Name, string Value)[] evidence) => Findings.RaiseAsync(
        new(kind, "test", System, "gw", null, null, severity, "It is so.", evidence.ToDictionary(pair => pair.Name, pair => pair.Value), null), Time.GetUtcNow(), default);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Database.DisposeAsync();
    }
}
