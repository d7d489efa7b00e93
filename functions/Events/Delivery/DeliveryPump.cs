using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Events;

/// <summary>Sends right after a commit, instead of at the timer's next tick.</summary>
internal sealed class DeliveryPump(DeliverySender sender, DeliverySignal signal, TimeProvider time, ILogger<DeliveryPump> log) : BackgroundService
{
    // Under load one look at the lanes serves many commits.
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan AfterTrouble = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                await signal.WaitAsync(stoppingToken);
                running.RemoveAll(lane => lane.IsCompleted);
                await Task.Delay(await TryAsync(running, stoppingToken) ? Pace : AfterTrouble, time, stoppingToken);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping: the lanes see it, too, and give themselves back.
        }

        await Task.WhenAll(running);
    }

    private async Task<bool> TryAsync(List<Task> running, CancellationToken cancellation)
    {
        try
        {
            running.AddRange(await sender.BeginAsync(cancellation));
            return true;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            log.LogWarning("Events could not be delivered now: {Problem}", problem.Message);
            return false;
        }
    }
}
