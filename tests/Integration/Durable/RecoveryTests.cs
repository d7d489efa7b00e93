using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Embedded.Durable;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>A new owner continues what an old one began.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
    private TestDatabase database = null!;

    public async ValueTask InitializeAsync() => database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync() => await database.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Timers_and_waiting_events_survive_a_restart(bool graceful)
    {
        var functions = new TestFunctions().Activity("Step", input => input.GetString());
        functions.Orchestrator("Long", async context =>
        {
            var begun = context.CurrentUtcDateTime;
            var guid = await context.CallActivityAsync<string>("Step", context.NewGuid().ToString());
            await context.CreateTimer(TimeSpan.FromMilliseconds(600), CancellationToken.None);
            var waited = context.CurrentUtcDateTime - begun;
            return $"{waited >= TimeSpan.FromMilliseconds(600)}|{await context.WaitForExternalEvent<string>("go")}|{guid.Length}";
        });
        var id = $"long-{graceful}";
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, functions))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Long", new StartOrchestrationOptions(id), Patience);
            await first.Client.RaiseEventAsync(id, "go", "kept", Patience);
            await Until.TrueAsync(async () => await CountAsync($"SELECT count(*) FROM durable.history WHERE instance_id = '{id}' AND kind = 'TimerCreated'") == 1);
            if (graceful) await first.Engine.StopAsync(Patience);
            else await first.Engine.AbortAsync();
        }

        await using var second = await TestEngine.StartAsync(database.ConnectionString, functions);
        var done = await second.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("True|kept|36", done.ReadOutputAs<string>());
        Assert.Single(functions.Runs);
    }

    [Theory]
    [InlineData("other", "action #0 was activity 'First' when it first ran (history sequence 0), but the code now asks for activity 'Other'")]
    [InlineData("timer", "action #0 was activity 'First' when it first ran (history sequence 0), but the code now asks for a timer")]
    [InlineData("nothing", "action #0 was activity 'First' when it first ran (history sequence 0), but the code no longer asks for it")]
    [InlineData("fewer", "action #1 was activity 'Second' when it first ran (history sequence 2), but the code no longer asks for it")]
    public async Task Changed_code_is_detected_and_the_message_says_what_diverged(string change, string expected)
    {
        var id = $"changed-{change}";
        var before = new TestFunctions().Activity("First", _ => 1).Activity("Second", _ => 2);
        before.Orchestrator("Changes", async context =>
        {
            await context.CallActivityAsync<int>("First");
            await context.CallActivityAsync<int>("Second");
            return await context.WaitForExternalEvent<string>("go");
        });
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, before))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Changes", new StartOrchestrationOptions(id), Patience);
            await Until.TrueAsync(async () => await CountAsync($"SELECT count(*) FROM durable.history WHERE instance_id = '{id}' AND kind = 'ActivityCompleted'") == 2);
            await first.Engine.AbortAsync();
        }

        var after = new TestFunctions().Activity("First", _ => 1).Activity("Other", _ => 2);
        after.Orchestrator("Changes", async context =>
        {
            // A catch-all of the app must not hide the divergence.
            try
            {
                if (change == "other") await context.CallActivityAsync<int>("Other");
                if (change == "timer") await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                if (change == "fewer") await context.CallActivityAsync<int>("First");
            }
            catch (Exception)
            {
                return "hidden";
            }

            return await context.WaitForExternalEvent<string>("go");
        });
        await using var second = await TestEngine.StartAsync(database.ConnectionString, after);
        var done = await second.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.Equal($"Nondeterministic orchestrator 'Changes' (instance '{id}'): {expected}.", done.FailureDetails!.ErrorMessage);
        Assert.Empty(after.Runs);
    }

    [Fact]
    public async Task Replay_is_visible_to_the_code_and_silent_in_its_log()
    {
        var lines = new ConcurrentQueue<string>();
        using var loggers = LoggerFactory.Create(builder => builder.SetMinimumLevel(LogLevel.Information).AddProvider(new Lines(lines.Enqueue, "Orchestrator")));
        var replays = new ConcurrentQueue<bool>();
        var functions = new TestFunctions().Activity("Step", _ => 1);
        functions.Orchestrator("Logs", async context =>
        {
            var log = context.CreateReplaySafeLogger("Orchestrator");
            replays.Enqueue(context.IsReplaying);
            log.LogInformation("begun");
            await context.CallActivityAsync<int>("Step");
            await context.WaitForExternalEvent<string>("go");
            replays.Enqueue(context.IsReplaying);
            log.LogInformation("ended");
            return null;
        });
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, functions, loggers: loggers))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Logs", new StartOrchestrationOptions("logs"), Patience);
            await Until.TrueAsync(async () => await CountAsync("SELECT count(*) FROM durable.history WHERE instance_id = 'logs' AND kind = 'ActivityCompleted'") == 1);
            await first.Engine.AbortAsync();
        }

        await using var second = await TestEngine.StartAsync(database.ConnectionString, functions, loggers: loggers);
        await second.Client.RaiseEventAsync("logs", "go", "", Patience);
        await second.Client.WaitForInstanceCompletionAsync("logs", Patience);

        Assert.Equal(["begun", "ended"], lines);
        Assert.Equal([false, true, false], replays);
    }

    [Fact]
    public async Task A_suspended_instance_stays_suspended_after_a_restart()
    {
        var functions = new TestFunctions();
        functions.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"));
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, functions))
        {
            await first.UntilOwnerAsync();
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("asleep"), Patience);
            await first.Client.WaitForInstanceStartAsync("asleep", Patience);
            await first.Client.SuspendInstanceAsync("asleep", null, Patience);
            await first.Client.RaiseEventAsync("asleep", "go", "kept", Patience);
            await first.Engine.AbortAsync();
        }

        await using var second = await TestEngine.StartAsync(database.ConnectionString, functions);
        await second.UntilOwnerAsync();
        await Until.TrueAsync(async () => (await second.Client.GetInstanceAsync("asleep", Patience))!.RuntimeStatus == OrchestrationRuntimeStatus.Suspended);
        await second.Client.ResumeInstanceAsync("asleep", null, Patience);

        Assert.Equal("kept", (await second.Client.WaitForInstanceCompletionAsync("asleep", true, Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Of_two_processes_one_runs_and_the_other_takes_over_when_it_dies_or_leaves()
    {
        var functions = new TestFunctions().Activity("Step", input => input.GetInt32());
        functions.Orchestrator("Waits", async context =>
            await context.CallActivityAsync<int>("Step", 1) + await context.WaitForExternalEvent<int>("go"));
        // Long, so that an owner that lives never loses it.
        var lease = TimeSpan.FromMinutes(1);
        await using var first = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "first", lease: lease);
        await first.UntilOwnerAsync();
        await using var second = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "second", lease: lease);
        await second.Client.ScheduleNewOrchestrationInstanceAsync("Waits", new StartOrchestrationOptions("shared"), Patience);
        await second.Client.WaitForInstanceStartAsync("shared", Patience);
        await Until.TrueAsync(() => functions.Runs.Count == 1);
        Assert.Null(second.Engine.Session);

        var fence = first.Engine.Session!.Epoch;
        await first.Engine.AbortAsync();
        // Nobody renews it any more, and it lapses, here before its minute is over.
        await CountAsync("UPDATE durable.lease SET expires_at = clock_timestamp() + interval '500 milliseconds' WHERE owner = 'first' RETURNING epoch");
        await second.UntilOwnerAsync();
        await second.Client.RaiseEventAsync("shared", "go", 41, Patience);
        Assert.Equal(42, (await second.Client.WaitForInstanceCompletionAsync("shared", true, Patience)).ReadOutputAs<int>());
        Assert.True(second.Engine.Session!.Epoch > fence);

        // Left, not died: the next one need not wait for the lease to lapse.
        await using var third = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "third", lease: lease);
        await second.Engine.StopAsync(Patience);
        await third.UntilOwnerAsync();
    }

    [Fact]
    public async Task An_owner_whose_lease_was_taken_cannot_commit()
    {
        var functions = new TestFunctions();
        functions.Orchestrator("Returns", _ => Task.FromResult<object?>("done"));
        await using var old = await TestEngine.StartAsync(database.ConnectionString, functions, owner: "old", lease: TimeSpan.FromMinutes(1));
        await old.UntilOwnerAsync();
        var session = old.Engine.Session!;
        // As if it had slept through its lease: another process is the owner now, and the old one does not know.
        await CountAsync("UPDATE durable.lease SET epoch = epoch + 1, owner = 'new', expires_at = now() + interval '1 minute' RETURNING epoch");

        await Assert.ThrowsAsync<IOException>(() => old.Client.ScheduleNewOrchestrationInstanceAsync("Returns", new StartOrchestrationOptions("fenced"), Patience));

        Assert.Equal("DU001", Assert.IsType<PostgresException>(await session.Lost).SqlState);
        Assert.Equal(0, await CountAsync("SELECT count(*) FROM durable.instances WHERE instance_id = 'fenced'"));
        await Until.TrueAsync(() => old.Engine.Session is null);
    }

    [Fact]
    public async Task A_graceful_stop_lets_running_activities_finish()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var functions = new TestFunctions().Activity("Slow", async (_, _) =>
        {
            started.TrySetResult();
            await finish.Task;
            return "finished";
        });
        functions.Orchestrator("Slow", async context => await context.CallActivityAsync<string>("Slow"));
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, functions))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Slow", new StartOrchestrationOptions("slow"), Patience);
            await started.Task.WaitAsync(Patience);
            var stopping = first.Engine.StopAsync(Patience);
            finish.SetResult();
            await stopping;
        }

        await using var second = await TestEngine.StartAsync(database.ConnectionString, functions);
        var done = await second.Client.WaitForInstanceCompletionAsync("slow", true, Patience);

        Assert.Equal("finished", done.ReadOutputAs<string>());
        Assert.Single(functions.Runs);
    }

    /// <summary>What a session takes up from an earlier one runs before the engine has named the session its own: a stop in between is as graceful.</summary>
    [Fact]
    public async Task A_stop_while_a_session_begins_lets_what_it_took_up_finish()
    {
        var starts = new SemaphoreSlim(0);
        var finish = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var functions = new TestFunctions().Activity("Slow", async (_, _) =>
        {
            starts.Release();
            await finish.Task;
            return "finished";
        });
        functions.Orchestrator("Slow", async context => await context.CallActivityAsync<string>("Slow"));
        await using (var first = await TestEngine.StartAsync(database.ConnectionString, functions))
        {
            await first.Client.ScheduleNewOrchestrationInstanceAsync("Slow", new StartOrchestrationOptions("slow"), Patience);
            await starts.WaitAsync(Patience);
            var aborting = first.Engine.AbortAsync();
            finish.SetResult();
            await aborting;
        }

        finish = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using var goOn = new ManualResetEventSlim();
        using var loggers = LoggerFactory.Create(logging => logging.AddProvider(new Lines(line =>
        {
            if (line.Contains("unfinished orchestrations continue", StringComparison.Ordinal)) goOn.Wait(TimeSpan.FromSeconds(30));
        })));
        await using (var second = await TestEngine.StartAsync(database.ConnectionString, functions, loggers: loggers))
        {
            await starts.WaitAsync(Patience);
            var stopping = second.Engine.StopAsync(Patience);
            goOn.Set();
            Assert.NotSame(stopping, await Task.WhenAny(stopping, Task.Delay(TimeSpan.FromMilliseconds(500), Patience)));
            finish.SetResult();
            await stopping;
        }

        await using var third = await TestEngine.StartAsync(database.ConnectionString, functions);
        var done = await third.Client.WaitForInstanceCompletionAsync("slow", true, Patience);
        Assert.Equal("finished", done.ReadOutputAs<string>());
        // One was aborted, one finished.
        Assert.Equal(2, functions.Runs.Count);
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Patience))!;
    }

    /// <summary>Hands on every line of a category, or of all.</summary>
    private sealed class Lines(Action<string> each, string? category = null) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => category is null || categoryName == category ? this : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => each(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
