using System.Collections.Concurrent;

namespace WhatsOps.Embedded.Durable;

/// <summary>Wakes those who wait for an instance in this process.</summary>
internal sealed class InstanceSignals
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource> waiters = new(StringComparer.Ordinal);

    /// <summary>Completes at the next change of the instance. Take it before reading the state.</summary>
    public Task Next(string instanceId) => waiters.GetOrAdd(instanceId,
        static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Changed(string instanceId)
    {
        if (waiters.TryRemove(instanceId, out var waiter)) waiter.TrySetResult();
    }

    /// <summary>Something changed somewhere: everybody looks.</summary>
    public void AnyChanged()
    {
        foreach (var instanceId in waiters.Keys) Changed(instanceId);
    }
}
