using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Alerts;

/// <summary>Registers the alerts: planning, outbox, channels, the health of the routes, and the links that acknowledge.</summary>
public static class AlertsServices
{
    public static IServiceCollection AddAlerts(this IServiceCollection services) => services
        .AddSecretHttpClient(AlertHttp.ClientName)
        .AddSingleton<AlertHttp>()
        .AddSingleton<IAlertChannel, LogChannel>()
        .AddSingleton<IAlertChannel, SlackChannel>()
        .AddSingleton<IAlertChannel, EmailChannel>()
        .AddSingleton<IAlertChannel, WebhookChannel>()
        .AddSingleton<IAlertChannel, SmsChannel>()
        .AddSingleton<IAnnouncements, Announcements>()
        .AddSingleton<IRoutine, LowDigest>()
        .AddSingleton<AlertOutbox>()
        .AddSingleton<AcknowledgeLinks>()
        .AddSingleton<RouteStandings>()
        .AddSingleton<DeadRoutes>()
        .AddSingleton<AlertPlanner>()
        .AddSingleton<AlertSender>()
        .AddSingleton(AlertGauges.Outbox)
        .AddSingleton<IAfterSweep, AlertsAfterSweep>();
}
