using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Gateways;
using WhatsOps.Routines;

namespace WhatsOps.Events;

/// <summary>Registers the webhook receiver, the event log, its retention, and the delivery to the product.</summary>
public static class EventsServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(EventsOptions.From(configuration));
        services.AddSingleton<EventDataKeys>();
        services.TryAddSingleton<DayPartitions>();
        services.AddSingleton<EventPartitions>();
        services.AddSingleton<EventBodies>();
        services.AddSingleton<EventRetention>();
        services.AddSingleton<EventHistory>();
        services.AddSingleton<EventTraffic>();
        services.AddSingleton<IFindingOrigins, EventOrigins>();
        services.AddSingleton(DeliveryGauges.Lag).AddSingleton(DeliveryGauges.TenantLag);
        services.AddSingleton<StormGuard>();
        services.AddSingleton<StormCounts>();
        services.AddSingleton<SignsOfLife>();
        services.AddSingleton<ReceiverCounts>();
        services.AddSingleton<TokenHashes>();
        services.AddSingleton<IInstanceTokenHashes>(provider => provider.GetRequiredService<TokenHashes>());
        services.AddSingleton<TokenDoubts>();
        services.AddSingleton<EventAlarms>();
        services.AddSingleton<IEventAlarms>(provider => provider.GetRequiredService<EventAlarms>());
        services.AddSingleton<WebhookReceiver>();
        services.AddSingleton<MetaDoor>();
        services.AddSingleton<MetaReceiver>();
        services.AddHostedService<BackgroundFlush>();
        services.AddSingleton<EventLog>();
        services.AddHostedService(provider => provider.GetRequiredService<EventLog>());
        services.AddSingleton<MessageAudit>();
        services.AddSingleton<LostEventAudit>();
        services.AddSingleton<Backfill>();
        services.AddSingleton<IRoutine, LostEventRoutine>();
        return services.AddDelivery(configuration);
    }
}
