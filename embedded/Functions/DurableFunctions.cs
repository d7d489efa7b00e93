using System.Text.Json;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Embedded.Durable;
using WhatsOps.Embedded.Hosting;

namespace WhatsOps.Embedded.Functions;

/// <summary>Gives the engine the app's orchestrators and activities.</summary>
internal sealed class DurableFunctions(
    FunctionCatalog catalog, FunctionPipeline pipeline, IServiceScopeFactory scopes, HostSettings settings, TimeProvider time) : IDurableFunctions
{
    // Task names are matched as the official engine does: without regard to case.
    private readonly Dictionary<string, FunctionDescriptor> orchestrators =
        catalog.Of(TriggerKind.Orchestration).ToDictionary(f => f.TaskName, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<string, FunctionDescriptor> activities =
        catalog.Of(TriggerKind.Activity).ToDictionary(f => f.TaskName, StringComparer.OrdinalIgnoreCase);

    public bool HasOrchestrator(string name) => orchestrators.ContainsKey(name);

    public bool HasActivity(string name) => activities.ContainsKey(name);

    /// <summary>No ConfigureAwait here: the engine's SynchronizationContext must carry the orchestrator to its end.</summary>
    public async Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken cancellation)
    {
        var scope = scopes.CreateScope();
        try
        {
            var invocation = new InvocationContext(orchestrators[name], scope.ServiceProvider, context, cancellation);
            await pipeline.RunAsync(invocation);
            return Serialize(invocation.Result);
        }
        finally
        {
            await DisposeAsync(scope);
        }
    }

    public async Task<string?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation)
    {
        using var timeout = settings.FunctionTimeout > TimeSpan.Zero ? new CancellationTokenSource(settings.FunctionTimeout, time) : new();
        using var run = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timeout.Token);
        await using var scope = scopes.CreateAsyncScope();
        var invocation = new InvocationContext(activities[name], scope.ServiceProvider, new ActivityCall(instanceId, input), run.Token);
        try
        {
            await pipeline.RunAsync(invocation);
        }
        catch (OperationCanceledException e) when (timeout.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new TimeoutException($"Activity {name} ran longer than functionTimeout ({settings.FunctionTimeout}).", e);
        }

        return Serialize(invocation.Result);
    }

    private static string? Serialize(object? value) =>
        value is null ? null : JsonSerializer.Serialize(value, value.GetType(), DurableJson.Options);

    private static async ValueTask DisposeAsync(IServiceScope scope)
    {
        if (scope is IAsyncDisposable later)
            await later.DisposeAsync();
        else
            scope.Dispose();
    }
}
