using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;

namespace WhatsOps.Events;

/// <summary>The clock of delivery.</summary>
public sealed class DeliveryFunctions(IServiceProvider services, MigrationService migrations)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Finds what no signal told of: retries that are due, and what a process left behind.</summary>
    [Function("DeliveryOutbox")]
    public async Task SendAsync([TimerTrigger("*/10 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (!migrations.Ready.IsCompletedSuccessfully) return;
        await services.GetRequiredService<DeliverySender>().DrainAsync(Patience, cancellation);
    }

    [Function("DeliveryCheck")]
    public async Task CheckAsync([TimerTrigger("30 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (!migrations.Ready.IsCompletedSuccessfully) return;
        await services.GetRequiredService<DeliveryCheck>().RunAsync(cancellation);
    }
}
