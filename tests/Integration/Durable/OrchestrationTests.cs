using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>What an orchestrator may do, on an engine that nothing disturbs.</summary>
public sealed class OrchestrationTests : IAsyncLifetime
{
    private static readonly CancellationToken Patience = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;
    private readonly TestFunctions functions = new();
    private TestDatabase database = null!;
    private TestEngine engine = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        engine = await TestEngine.StartAsync(database.ConnectionString, functions);
        await engine.UntilOwnerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        await database.DisposeAsync();
    }

    [Fact]
    public async Task Activities_run_in_sequence_and_hand_on_their_results()
    {
        functions.Activity("Double", input => input.GetInt32() * 2);
        functions.Orchestrator("Chain", async context =>
        {
            var number = context.GetInput<int>();
            for (var i = 0; i < 5; i++) number = await context.CallActivityAsync<int>("Double", number);
            return number;
        });

        var done = await RunAsync("Chain", 1);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, done.RuntimeStatus);
        Assert.Equal(32, done.ReadOutputAs<int>());
        Assert.Equal(1, done.ReadInputAs<int>());
        Assert.Equal("Chain", done.Name);
        Assert.True(done.LastUpdatedAt >= done.CreatedAt);
    }

    [Fact]
    public async Task A_failed_activity_is_an_exception_with_type_message_and_cause()
    {
        functions.Activity("Break", _ => throw new InvalidOperationException("outer", new ArgumentException("inner")));
        functions.Orchestrator("Catches", async context =>
        {
            try
            {
                await context.CallActivityAsync("Break");
                return "no exception";
            }
            catch (TaskFailedException failure)
            {
                var details = failure.FailureDetails;
                return $"{failure.TaskName}|{details.ErrorType}|{details.ErrorMessage}|{details.InnerFailure!.ErrorType}|" +
                    $"{details.IsCausedBy<InvalidOperationException>()}|{details.IsCausedBy<ArgumentException>()}";
            }
        });
        functions.Orchestrator("DoesNotCatch", async context => await context.CallActivityAsync<string>("Break"));

        var caught = await RunAsync("Catches");
        var failed = await RunAsync("DoesNotCatch");

        Assert.Equal("Break|System.InvalidOperationException|outer|System.ArgumentException|True|False", caught.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Failed, failed.RuntimeStatus);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", failed.FailureDetails!.ErrorType);
        Assert.Equal("System.InvalidOperationException", failed.FailureDetails.InnerFailure!.ErrorType);
    }

    [Fact]
    public async Task A_retry_policy_pauses_longer_each_time_and_a_handler_decides()
    {
        var attempts = 0;
        functions.Activity("Third", _ => Interlocked.Increment(ref attempts) % 3 == 0 ? "done" : throw new TimeoutException("not yet"));
        functions.Orchestrator("Policy", async context =>
        {
            var begun = context.CurrentUtcDateTime;
            var policy = new RetryPolicy(5, TimeSpan.FromMilliseconds(20), backoffCoefficient: 2);
            await context.CallActivityAsync<string>("Third", TaskOptions.FromRetryPolicy(policy));
            return (context.CurrentUtcDateTime - begun).TotalMilliseconds;
        });
        functions.Orchestrator("Handler", async context =>
        {
            var seen = new List<int>();
            var options = TaskOptions.FromRetryHandler(retry =>
            {
                seen.Add(retry.LastAttemptNumber);
                return retry.LastFailure.IsCausedBy<TimeoutException>() && retry.LastAttemptNumber < 2;
            });
            try
            {
                await context.CallActivityAsync<string>("Third", options);
            }
            catch (TaskFailedException)
            {
                seen.Add(0);
            }

            return string.Join(',', seen);
        });

        // Pauses of 20 and 40 ms between three attempts; the handler gives up after two.
        Assert.True((await RunAsync("Policy")).ReadOutputAs<double>() >= 60);
        Assert.Equal("1,2,0", (await RunAsync("Handler")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_sub_orchestration_returns_or_throws_and_knows_its_parent()
    {
        functions.Orchestrator("Child", context => context.GetInput<string>() == "fail"
            ? throw new FormatException("child says no")
            : Task.FromResult<object?>($"{context.Parent!.Name}/{context.Parent.InstanceId}/{context.GetInput<string>()}"));
        functions.Orchestrator("Parent", async context =>
        {
            var good = await context.CallSubOrchestratorAsync<string>("Child", "x", new SubOrchestrationOptions(instanceId: "the-child"));
            try
            {
                await context.CallSubOrchestratorAsync("Child", "fail");
                return "no exception";
            }
            catch (TaskFailedException failure)
            {
                return $"{good} then {failure.FailureDetails.ErrorType}";
            }
        });

        var done = await RunAsync("Parent", options: new StartOrchestrationOptions("the-parent"));

        Assert.Equal("Parent/the-parent/x then System.FormatException", done.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await engine.Client.GetInstanceAsync("the-child", Patience))!.RuntimeStatus);
    }

    [Fact]
    public async Task Two_children_with_one_id_do_not_run_both()
    {
        functions.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("go"));
        functions.Orchestrator("Twins", async context =>
        {
            var first = context.CallSubOrchestratorAsync<string>("Waits", options: new SubOrchestrationOptions(instanceId: "twin"));
            try
            {
                await context.CallSubOrchestratorAsync<string>("Waits", options: new SubOrchestrationOptions(instanceId: "twin"));
                return "both ran";
            }
            catch (TaskFailedException failure)
            {
                context.SendEvent("twin", "go", "one ran");
                return $"{await first}, {failure.FailureDetails.ErrorMessage}";
            }
        });

        var done = await RunAsync("Twins");

        Assert.Equal("one ran, An orchestration with the instance id 'twin' is already running.", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task Early_events_wait_in_order_and_names_have_no_case()
    {
        functions.Orchestrator("Collects", async context =>
        {
            await context.WaitForExternalEvent<string>("START");
            var first = await context.WaitForExternalEvent<int>("number");
            var second = await context.WaitForExternalEvent<int>("Number");
            return $"{first},{second}";
        });

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Collects", Patience);
        await engine.Client.RaiseEventAsync(id, "NUMBER", 1, Patience);
        await engine.Client.RaiseEventAsync(id, "number", 2, Patience);
        await engine.Client.RaiseEventAsync(id, "start", "now", Patience);
        var done = await engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("1,2", done.ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_event_that_does_not_come_in_time_is_a_cancellation()
    {
        functions.Orchestrator("Impatient", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromMilliseconds(20));
            }
            catch (TaskCanceledException)
            {
                return "timed out";
            }
        });
        functions.Orchestrator("Patient", async context => await context.WaitForExternalEvent<string>("soon", TimeSpan.FromDays(7)));

        Assert.Equal("timed out", (await RunAsync("Impatient")).ReadOutputAs<string>());
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Patient", Patience);
        await engine.Client.RaiseEventAsync(id, "soon", "here", Patience);
        Assert.Equal("here", (await engine.Client.WaitForInstanceCompletionAsync(id, true, Patience)).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Continue_as_new_keeps_the_history_short_and_the_events()
    {
        functions.Activity("Tick", input => input.GetInt32());
        functions.Orchestrator("Loop", async context =>
        {
            var round = context.GetInput<int>();
            await context.CallActivityAsync<int>("Tick", round);
            context.SetCustomStatus($"round {round}");
            if (round < 20)
            {
                context.ContinueAsNew(round + 1);
                return null;
            }

            // Raised before the first round ended, and never waited for until now.
            return await context.WaitForExternalEvent<string>("early") + await context.WaitForExternalEvent<string>("early");
        });

        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync("Loop", 1, Patience);
        await engine.Client.RaiseEventAsync(id, "early", "a", Patience);
        await engine.Client.RaiseEventAsync(id, "early", "b", Patience);
        var done = await engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("ab", done.ReadOutputAs<string>());
        Assert.Equal("round 20", done.ReadCustomStatusAs<string>());
        Assert.Equal(20, done.ReadInputAs<int>());
        Assert.InRange(await CountAsync($"SELECT count(*) FROM durable.history WHERE instance_id = '{id}'"), 1, 6);
    }

    [Fact]
    public async Task Guids_differ_within_a_run_and_the_clock_stands_still_within_a_step()
    {
        functions.Orchestrator("Guids", async context =>
        {
            var (clock, one, two) = (context.CurrentUtcDateTime, context.NewGuid(), context.NewGuid());
            var still = clock == context.CurrentUtcDateTime;
            await context.CreateTimer(TimeSpan.FromMilliseconds(5), CancellationToken.None);
            return $"{one != two}|{one.Version}|{still}|{context.CurrentUtcDateTime > clock}|{clock.Ticks % 10}";
        });

        Assert.Equal("True|5|True|True|0", (await RunAsync("Guids")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Unknown_functions_fail_their_instance_with_a_clear_message_and_nothing_else()
    {
        functions.Orchestrator("CallsNobody", async context => await context.CallActivityAsync<string>("Nobody"));

        var noOrchestrator = await RunAsync("NoSuchOrchestrator");
        var noActivity = await RunAsync("CallsNobody");

        Assert.Equal("There is no orchestrator function named 'NoSuchOrchestrator'.", noOrchestrator.FailureDetails!.ErrorMessage);
        Assert.Contains("There is no activity function named 'Nobody'.", noActivity.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await Activities_run_in_sequence_and_hand_on_their_results();
    }

    [Theory]
    [InlineData("delay")]
    [InlineData("run")]
    [InlineData("configure")]
    [InlineData("never")]
    public async Task Awaiting_something_that_is_not_durable_is_detected(string how)
    {
        functions.Activity("Fine", _ => 1);
        functions.Orchestrator("Foreign", async context =>
        {
            switch (how)
            {
                case "delay":
                    await Task.Delay(5);
                    break;
                case "run":
                    // A durable task is open, so that only the foreign continuation gives it away.
                    var open = context.WaitForExternalEvent<string>("later");
                    await Task.Run(() => Task.Delay(5));
                    await open;
                    break;
                case "configure":
                    await context.CallActivityAsync<int>("Fine").ConfigureAwait(false);
                    await context.CallActivityAsync<int>("Fine");
                    break;
                default:
                    await new TaskCompletionSource().Task;
                    break;
            }

            return "undetected";
        });

        var done = await RunAsync("Foreign");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus);
        Assert.StartsWith("Nondeterministic orchestrator 'Foreign'", done.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Poison_stops_nobody_else()
    {
        functions.Activity("Nul", _ => "a\0b\ud800");
        functions.Activity("Throws", _ => throw new InvalidOperationException("nul \0 and half a pair \ud800"));
        functions.Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<string>()));
        functions.Orchestrator("Poison", async context =>
        {
            var text = await context.CallActivityAsync<string>("Nul");
            context.SetCustomStatus(text);
            try
            {
                await context.CallActivityAsync("Throws");
            }
            catch (TaskFailedException)
            {
                await context.CallActivityAsync("no\0such");
            }

            return text;
        });
        functions.Orchestrator("LongChild", async context =>
            await context.CallSubOrchestratorAsync<string>("Echo", "x", new SubOrchestrationOptions(instanceId: new string('x', 9_000))));
        functions.Orchestrator("Number", context => Task.FromResult<object?>(context.GetInput<int>()));

        var poisoned = await Task.WhenAll(
            RunAsync("Poison"), RunAsync("LongChild"), RunAsync("Number", "not a number"), RunAsync("No\u00A0Such\uFFFF"));
        var echoed = await RunAsync("Echo", "a\0b");

        Assert.All(poisoned, done => Assert.Equal(OrchestrationRuntimeStatus.Failed, done.RuntimeStatus));
        Assert.Equal("a\0b", echoed.ReadOutputAs<string>());
        await Assert.ThrowsAsync<ArgumentException>(() => engine.Client.RaiseEventAsync("x", "a\0b", null, Patience));
        await Assert.ThrowsAsync<ArgumentException>(() => RunAsync("Echo", options: new StartOrchestrationOptions("\ud800")));
        Assert.NotNull(engine.Engine.Session);
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        var running = 0;
        var most = 0;
        functions.Activity("Counted", async (_, cancellation) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(5, cancellation);
            Interlocked.Decrement(ref running);
            return null;
        });
        functions.Orchestrator("FansOut", async context =>
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => context.CallActivityAsync("Counted", i)));
            return null;
        });

        await RunAsync("FansOut");

        Assert.InRange(most, 2, 20);
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }

    private async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Patience))!;
    }

    private async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Patience);
        return await engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);
    }
}
