using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>Tests on an engine of their own, on a database of its own, that nothing disturbs.</summary>
public abstract class EngineWorld : IAsyncLifetime
{
    private TestDatabase database = null!;

    /// <summary>Of one test, from its beginning.</summary>
    private protected CancellationToken Patience { get; } = new CancellationTokenSource(TimeSpan.FromMinutes(2)).Token;

    private protected TestFunctions Functions { get; } = new();

    private protected TestEngine Engine { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestDatabase.CreateAsync();
        Engine = await TestEngine.StartAsync(database.ConnectionString, Functions);
        await Engine.UntilOwnerAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(Patience))!;
    }

    private protected async Task<OrchestrationMetadata> RunAsync(string name, object? input = null, StartOrchestrationOptions? options = null)
    {
        var id = await Engine.Client.ScheduleNewOrchestrationInstanceAsync(name, input, options, Patience);
        return await Engine.Client.WaitForInstanceCompletionAsync(id, true, Patience);
    }
}
