using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Events;

/// <summary>Every few seconds, and once more at the end, writes what the receiver keeps in memory: storm counts, answer counts, alarms; and reads what it compares with.</summary>
internal sealed class BackgroundFlush(StormCounts storms, ReceiverCounts counts, EventAlarms alarms, TokenHashes tokens, TimeProvider time, ILogger<BackgroundFlush> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await FlushAsync(cancellationToken);
    }

    internal async Task FlushAsync(CancellationToken cancellation)
    {
        await TryAsync(storms.FlushAsync(cancellation));
        await TryAsync(counts.FlushAsync(cancellation));
        await TryAsync(alarms.FlushAsync(cancellation));
        await TryAsync(tokens.RefreshAsync(cancellation));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken)) await FlushAsync(stoppingToken);
        }
        catch (OperationCanceledException)
        {
            // Stopping: StopAsync flushes what is left.
        }
    }

    // What fails is kept in memory and tried again.
    private async Task TryAsync(Task flush)
    {
        try
        {
            await flush;
        }
        catch (Exception problem)
        {
            log.LogWarning("What the receiver keeps in memory could not be written or read yet: {Problem}", problem.Message);
        }
    }
}
