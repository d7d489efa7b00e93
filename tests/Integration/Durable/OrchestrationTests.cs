using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>What an orchestrator may do, on an engine that nothing disturbs.</summary>
public sealed class OrchestrationTests : EngineWorld
{
    [Fact]
    public async Task Activities_run_in_sequence_and_hand_on_their_results()
    {
        Functions.Activity("Double", input => input.GetInt32() * 2);
        Functions.Orchestrator("Chain", async context =>
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
    public async Task Continue_as_new_keeps_the_history_short_and_the_events()
    {
        Functions.Activity("Tick", input => input.GetInt32());
        Functions.Orchestrator("Loop", async context =>
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

        var id = await Engine.Client.ScheduleNewOrchestrationInstanceAsync("Loop", 1, Patience);
        await Engine.Client.RaiseEventAsync(id, "early", "a", Patience);
        await Engine.Client.RaiseEventAsync(id, "early", "b", Patience);
        var done = await Engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);

        Assert.Equal("ab", done.ReadOutputAs<string>());
        Assert.Equal("round 20", done.ReadCustomStatusAs<string>());
        Assert.Equal(20, done.ReadInputAs<int>());
        Assert.InRange(await CountAsync($"SELECT count(*) FROM durable.history WHERE instance_id = '{id}'"), 1, 6);
    }

    [Fact]
    public async Task Guids_differ_within_a_run_and_the_clock_stands_still_within_a_step()
    {
        Functions.Orchestrator("Guids", async context =>
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
        Functions.Orchestrator("CallsNobody", async context => await context.CallActivityAsync<string>("Nobody"));

        var noOrchestrator = await RunAsync("NoSuchOrchestrator");
        var noActivity = await RunAsync("CallsNobody");

        Assert.Equal("There is no orchestrator function named 'NoSuchOrchestrator'.", noOrchestrator.FailureDetails!.ErrorMessage);
        Assert.Contains("There is no activity function named 'Nobody'.", noActivity.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        await Activities_run_in_sequence_and_hand_on_their_results();
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_allowed()
    {
        var running = 0;
        var most = 0;
        Functions.Activity("Counted", async (_, cancellation) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            await Task.Delay(5, cancellation);
            Interlocked.Decrement(ref running);
            return null;
        });
        Functions.Orchestrator("FansOut", async context =>
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
}
