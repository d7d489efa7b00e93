using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Routines;

public sealed class RoutineRunnerTests : IAsyncLifetime
{
    private const string System = "revalya";

    // 05:00 in São Paulo.
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 3, 2, 8, 0, 0, TimeSpan.Zero));
    private readonly CountingRoutine routine = new();
    private readonly List<ServiceProvider> processes = [];
    private FleetSystem system = new() { Name = System, Kind = "evolution" };
    private TestDatabase database = null!;
    private RoutineRunner runner = null!;

    public async ValueTask InitializeAsync()
    {
        database = await Databases.OperationsAsync();
        runner = Process();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task A_routine_runs_once_when_it_is_due_and_not_before()
    {
        Assert.Empty(await runner.TickAsync(default));
        time.Advance(TimeSpan.FromMinutes(59.9));
        Assert.Empty(await runner.TickAsync(default));
        time.Advance(TimeSpan.FromMinutes(0.2));
        var run = Assert.Single(await runner.TickAsync(default));
        Assert.Equal(("done", "Counted.", new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero)), (run.Outcome, run.Summary, run.DueAt));
        Assert.Empty(await runner.TickAsync(default));
        Assert.Equal(System, Assert.Single(routine.Calls).System.Name);
    }

    [Fact]
    public async Task Two_processes_never_carry_out_one_due_time_twice()
    {
        var other = Process();
        await runner.TickAsync(default);
        for (var day = 0; day < 10; day++)
        {
            time.Advance(TimeSpan.FromDays(1));
            await Task.WhenAll(runner.TickAsync(default), other.TickAsync(default));
        }

        Assert.Equal(10, routine.Calls.Count);
        Assert.Equal(10, routine.Calls.Select(call => call.Due).Distinct().Count());
    }

    [Fact]
    public async Task Days_without_a_process_are_made_up_for_by_one_run()
    {
        await runner.TickAsync(default);
        time.Advance(TimeSpan.FromDays(4));
        Assert.Single(await Process().TickAsync(default));
        Assert.Empty(await runner.TickAsync(default));
        Assert.Equal(new DateTimeOffset(2026, 3, 5, 9, 0, 0, TimeSpan.Zero), Assert.Single(routine.Calls).Due);
    }

    [Fact]
    public async Task A_failure_is_repeated_twice_then_given_up_and_is_a_finding_until_it_works()
    {
        await runner.TickAsync(default);
        routine.Answer = _ => throw new InvalidOperationException("a secret");
        time.Advance(TimeSpan.FromHours(1));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal("failed", Assert.Single(await runner.TickAsync(default)).Outcome);
            Assert.Empty(await runner.TickAsync(default));
            time.Advance(TimeSpan.FromMinutes(5));
        }

        Assert.Empty(await runner.TickAsync(default));
        Assert.Equal("routine_failed", Assert.Single(await FindingsAsync()).Kind);

        routine.Answer = _ => Task.FromResult(new RoutineOutcome(true, "Well again."));
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal("done", Assert.Single(await runner.TickAsync(default)).Outcome);
        Assert.Empty(await FindingsAsync());
    }

    [Fact]
    public async Task A_process_that_dies_in_the_middle_is_followed_when_its_lease_ends()
    {
        await runner.TickAsync(default);
        time.Advance(TimeSpan.FromHours(1.1));
        var now = time.GetUtcNow();
        var store = processes[0].GetRequiredService<RoutineStore>();
        Assert.True(await store.TryLeaseAsync(System, routine.Name, Guid.NewGuid(), now, now, now + TimeSpan.FromMinutes(12), default));
        time.Advance(TimeSpan.FromMinutes(11.9));
        Assert.Empty(await runner.TickAsync(default));
        time.Advance(TimeSpan.FromMinutes(0.2));
        Assert.Single(await runner.TickAsync(default));
    }

    [Fact]
    public async Task A_person_runs_it_now_and_the_clock_stays_as_it_is()
    {
        await runner.TickAsync(default);
        var run = await runner.RunNowAsync(routine.Name, System, "ana", default);
        Assert.Equal(("ana", "done", 1), (run.RequestedBy, run.Outcome, (int)run.Report!["count"]!));
        time.Advance(TimeSpan.FromHours(1.1));
        Assert.Single(await runner.TickAsync(default));
        var view = Assert.Single(await runner.ListAsync(System, default));
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 9, 0, 0, TimeSpan.Zero), view.NextAt);
        Assert.Null(view.LastRun!.RequestedBy);
    }

    [Fact]
    public async Task While_it_runs_a_second_one_is_refused()
    {
        var begun = new TaskCompletionSource();
        var end = new TaskCompletionSource<RoutineOutcome>();
        routine.Answer = _ =>
        {
            begun.SetResult();
            return end.Task;
        };
        var first = runner.RunNowAsync(routine.Name, System, "ana", default);
        await begun.Task;
        Assert.Equal(409, (await Assert.ThrowsAsync<ProblemException>(() => runner.RunNowAsync(routine.Name, System, "bia", default))).Status);
        end.SetResult(new RoutineOutcome(true, "Done."));
        await first;
    }

    [Fact]
    public async Task Unknown_names_are_refused_and_off_is_never_due()
    {
        Assert.Equal(404, (await Assert.ThrowsAsync<ProblemException>(() => runner.RunNowAsync("nothing", System, "ana", default))).Status);
        Assert.Equal(404, (await Assert.ThrowsAsync<ProblemException>(() => runner.RunNowAsync(routine.Name, "other", "ana", default))).Status);
        system = system with { Schedules = new Dictionary<string, string> { [routine.Name] = "off" } };
        await runner.TickAsync(default);
        time.Advance(TimeSpan.FromDays(3));
        Assert.Empty(await runner.TickAsync(default));
        Assert.Null(Assert.Single(await runner.ListAsync(null, default)).NextAt);
    }

    private Task<IReadOnlyList<Finding>> FindingsAsync() => processes[0].GetRequiredService<IFindings>().ListAsync(new FindingQuery(System), default);

    private RoutineRunner Process()
    {
        var fleet = new Mock<IFleet>();
        fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>()))
            .Returns(() => new ValueTask<FleetVersion?>(new FleetVersion(1, new FleetDocument { Systems = [system] }, time.GetUtcNow(), "ana")));
        var process = new ServiceCollection()
            .AddSingleton(database.DataSource).AddSingleton<TimeProvider>(time).AddSingleton(fleet.Object).AddLogging()
            .AddFindings().AddRoutines().AddSingleton<IRoutine>(routine)
            .BuildServiceProvider();
        processes.Add(process);
        return process.GetRequiredService<RoutineRunner>();
    }
}
