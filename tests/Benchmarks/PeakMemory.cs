using System.Diagnostics;

namespace WhatsOps.Benchmarks;

/// <summary>The most memory the process had while some work was done: working set every 50 ms, so with the runtime, the load generator, and what the baselines left.</summary>
internal static class PeakMemory
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public static async Task<(T Result, double Megabytes)> DuringAsync<T>(Func<Task<T>> work)
    {
        using var over = new CancellationTokenSource();
        // On a thread of its own: work that has every thread of the pool is the work to be seen.
        var watching = Task.Factory.StartNew(() => Watch(over.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            var result = await work();
            await over.CancelAsync();
            return (result, await watching);
        }
        finally
        {
            await over.CancelAsync();
            await watching;
        }
    }

    private static double Watch(CancellationToken stop)
    {
        using var self = Process.GetCurrentProcess();
        for (var peak = 0L; ;)
        {
            self.Refresh();
            peak = Math.Max(peak, self.WorkingSet64);
            if (stop.WaitHandle.WaitOne(Interval)) return peak / 1e6;
        }
    }
}
