using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using WhatsOps.Fleet;
using WhatsOps.Gateways.Evolution;
using WhatsOps.Gateways.TaktChat;
using WhatsOps.Gateways.TurboZap;

namespace WhatsOps.Gateways;

/// <summary>Registers the gateway clients, the HTTP client they share, and the log of their calls.</summary>
public static class GatewaysServices
{
    public static IServiceCollection AddGateways(this IServiceCollection services)
    {
        services.AddHttpClient(GatewayTransport.ClientName, client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                UseCookies = false,
                ConnectTimeout = TimeSpan.FromSeconds(5),
                // Gateways move with their DNS name.
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                // One gateway must not take all sockets, and a small VPS must not be flooded.
                MaxConnectionsPerServer = 8,
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // The factory's own loggers print headers at Trace: the key is one.
            .RemoveAllLoggers();
        services.AddSingleton<GatewayCallLog>();
        services.AddSingleton<IGatewayCallLog>(provider => provider.GetRequiredService<GatewayCallLog>());
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<GatewayCallLog>());
        services.AddSingleton<IGateways, GatewayClients>();
        services.AddSingleton<GatewayQuestions>();
        services.AddSingleton<IInstanceTokens, InstanceTokens>();
        services.AddSingleton<IIsolationTest, EvolutionIsolationTest>();
        services.AddSingleton<ICapabilityProbe, CapabilityProbe>();
        services.TryAddSingleton<ProductDatabases>();
        services.AddSingleton<TurboZapDatabase>();
        services.AddSingleton<TaktChatSessions>();
        services.AddSingleton<TaktChatCodes>();
        return services;
    }
}
