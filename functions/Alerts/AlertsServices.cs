using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Health;

namespace WhatsOps.Alerts;

/// <summary>Registers the alerts: planning, outbox, channels.</summary>
public static class AlertsServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services)
    {
        services.AddHttpClient(SlackChannel.ClientName)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            // The factory's own logging writes request addresses, and this one is a secret.
            .RemoveAllLoggers();
        return services
            .AddSingleton<IAlertChannel, LogChannel>()
            .AddSingleton<IAlertChannel, SlackChannel>()
            .AddSingleton<AlertOutbox>()
            .AddSingleton<AlertPlanner>()
            .AddSingleton<AlertSender>()
            .AddSingleton<IAfterSweep, AlertsAfterSweep>();
    }
}
