using System.Collections.Concurrent;

namespace WhatsOps.Embedded.Durable;

/// <summary>
/// The one logical thread of an orchestrator. Continuations of durable tasks run on it, inside a step; a continuation that comes from
/// anywhere else means that the code awaited something that no replay can repeat.
/// </summary>
internal sealed class OrchestrationThread(Action<string> complain) : SynchronizationContext
{
    private readonly Queue<(SendOrPostCallback Callback, object? State)> posted = new();
    private int runningOn;

    public bool IsCurrent => runningOn == Environment.CurrentManagedThreadId;

    public void Complain(string what) => complain(what);

    public override SynchronizationContext CreateCopy() => this;

    /// <summary>Runs a step and every continuation that it causes.</summary>
    public void Run<T>(Action<T> step, T argument)
    {
        var outer = Current;
        SetSynchronizationContext(this);
        runningOn = Environment.CurrentManagedThreadId;
        try
        {
            step(argument);
            while (posted.TryDequeue(out var next)) next.Callback(next.State);
        }
        finally
        {
            runningOn = 0;
            SetSynchronizationContext(outer);
        }
    }

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsCurrent) posted.Enqueue((d, state));
        else complain("it awaited a task that does not come from its context (Task.Delay, Task.Run, I/O or the like)");
    }

    public override void Send(SendOrPostCallback d, object? state) =>
        throw new NotSupportedException("An orchestrator's thread takes no synchronous calls from elsewhere.");
}
