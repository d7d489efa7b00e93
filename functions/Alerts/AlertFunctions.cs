using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Database;

namespace WhatsOps.Alerts;

/// <summary>Moves alerts every ten seconds; right after a sweep they do not wait for it.</summary>
public sealed class AlertFunctions(IServiceProvider services, MigrationService migrations)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Function("AlertOutbox")]
    public async Task Run([TimerTrigger("*/10 * * * * *")] TimerInfo timer, CancellationToken cancellation)
    {
        if (!migrations.Ready.IsCompletedSuccessfully) return;
        await services.GetRequiredService<AlertPlanner>().PlanAsync(cancellation);
        await services.GetRequiredService<AlertSender>().DrainAsync(Patience, cancellation);
    }
}
