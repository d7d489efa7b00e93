using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Events;

/// <summary>Hourly, so that a missed run, or a drop that gave way to the receiver, is made good soon.</summary>
public sealed class EventRetentionFunctions(EventRetention retention)
{
    [Function("EventRetention")]
    public Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellation) => retention.RunAsync(cancellation);
}
