using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Events;

/// <summary>Registers the delivery of accepted events to the product behind.</summary>
internal static class DeliveryServices
{
    public static IServiceCollection AddDelivery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddHttpClient(DeliveryClient.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                // A redirect would take the body, and the headers, to somebody whom nobody named.
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The factory's own logging writes request addresses, which may hold a key.
            .RemoveAllLoggers();
        return services
            .AddSingleton(DeliveryOptions.From(configuration))
            .AddSingleton(new RetrySchedule(() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue))
            .AddSingleton<DeliverySignal>()
            .AddSingleton<DeliveryRetention>()
            .AddSingleton<DeliveryLanes>()
            .AddSingleton<DeliveryLedger>()
            .AddSingleton<DeliveryClient>()
            .AddSingleton<DeliveryAttempt>()
            .AddSingleton<LaneService>()
            .AddSingleton<DeliverySender>()
            .AddSingleton<DeliveryBacklog>()
            .AddSingleton<DeliveryCheck>()
            .AddSingleton<DeliveryHistory>()
            .AddSingleton<DeliveryReplay>()
            .AddHostedService<DeliveryPump>();
    }
}
