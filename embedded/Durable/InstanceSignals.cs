using System.Collections.Concurrent;
using Microsoft.DurableTask.Client;

namespace WhatsOps.Embedded.Durable;

/// <summary>Wakes those who wait for an instance in this process.</summary>
internal sealed class InstanceSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<Func<bool, OrchestrationMetadata>?>> waiters = new(StringComparer.Ordinal);

    /// <summary>
    /// Completes at the next change of the instance. Take it before reading the state. An end that this process stored brings the final
    /// state along (true: with payloads), because reading it back cost as much database time as all commits together.
    /// </summary>
    public Task<Func<bool, OrchestrationMetadata>?> Next(string instanceId) => waiters.GetOrAdd(instanceId,
        static _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId, Func<bool, OrchestrationMetadata>? ended = null)
    {
        if (waiters.TryRemove(instanceId, out var waiter)) waiter.TrySetResult(ended);
    }

    /// <summary>Something changed somewhere: everybody looks.</summary>
    public void AnyChanged()
    {
        foreach (var instanceId in waiters.Keys) Changed(instanceId);
    }
}
