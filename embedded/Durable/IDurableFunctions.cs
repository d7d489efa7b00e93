using Microsoft.DurableTask;

namespace WhatsOps.Embedded.Durable;

/// <summary>What the engine asks of the function host, which knows the discovered functions.</summary>
internal interface IDurableFunctions
{
    bool HasOrchestrator(string name);

    bool HasActivity(string name);

    /// <summary>
    /// Runs an orchestrator and returns its output as JSON. The caller has set a SynchronizationContext: whatever the host awaits here must
    /// be the orchestrator's own task (no ConfigureAwait(false), no Task.Run), or the engine reports a non-durable await.
    /// </summary>
    Task<string?> RunOrchestratorAsync(string name, TaskOrchestrationContext context, CancellationToken cancellation);

    /// <summary>Runs an activity: JSON in, JSON out.</summary>
    Task<string?> RunActivityAsync(string name, string instanceId, string? input, CancellationToken cancellation);
}
