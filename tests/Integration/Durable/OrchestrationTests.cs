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

    private async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await engine.Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Patience);
        return await engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);
    }
}
