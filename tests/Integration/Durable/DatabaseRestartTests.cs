using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Npgsql;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>PostgreSQL crashes and comes back under a running engine.</summary>
public sealed class DatabaseRestartTests
{
    [Fact]
    public async Task A_database_restart_loses_nothing_and_repeats_no_activity()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        await using var postgres = await TestServers.OwnPostgresAsync("durable-restart");
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var running = 0;
        var functions = new TestFunctions().Activity("Held", async (input, _) =>
        {
            Interlocked.Increment(ref running);
            await held.Task;
            return input.GetInt32();
        });
        functions.Orchestrator("Sum", async context =>
        {
            var sum = 0;
            for (var i = 1; i <= 3; i++) sum += await context.CallActivityAsync<int>("Held", i);
            return sum;
        });
        await using var engine = await TestEngine.StartAsync(postgres.ConnectionString(), functions);
        await engine.UntilOwnerAsync();
        var ids = await Task.WhenAll(Enumerable.Range(0, 10).Select(
            _ => engine.Client.ScheduleNewOrchestrationInstanceAsync("Sum", patience.Token)));
        await Until.TrueAsync(() => Volatile.Read(ref running) == 10);
        var epoch = engine.Engine.Session!.Epoch;

        await postgres.StopServerAsync("immediate", patience.Token);
        // The results come while there is no database: they must wait for it.
        held.SetResult();
        await Task.Delay(100, patience.Token);
        await postgres.StartServerAsync(patience.Token);
        var done = await Task.WhenAll(ids.Select(id => engine.Client.WaitForInstanceCompletionAsync(id, true, patience.Token)));

        Assert.All(done, instance => Assert.Equal(6, instance.ReadOutputAs<int>()));
        Assert.Equal(30, functions.Runs.Count);
        Assert.True(engine.Engine.Session!.Epoch > epoch);
    }
}
