using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>What timers did, and how many at once.</summary>
public sealed class TimerJournal
{
    private int running;
    private int cancelled;

    public ConcurrentQueue<TimerInfo> Runs { get; } = [];

    public int MostAtOnce { get; private set; }

    public int Cancelled => cancelled;

    public async Task RunAsync(TimerInfo timer)
    {
        MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
        Runs.Enqueue(timer);
        await Task.Delay(20);
        Interlocked.Decrement(ref running);
    }

    public async Task WaitAsync(TimerInfo timer, CancellationToken cancellation)
    {
        Runs.Enqueue(timer);
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            Interlocked.Increment(ref cancelled);
        }
    }
}
