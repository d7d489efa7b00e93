using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Health;

/// <summary>Registers the health sweep and the probes.</summary>
public static class HealthServices
{
    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHttpClient(nameof(Heartbeat))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false })
            // The factory's own logging writes request addresses, and this one is a secret.
            .RemoveAllLoggers();
        return services
            .AddSingleton<GatewayObserver>()
            .AddSingleton<ProductObserver>()
            .AddSingleton<GatewaySweep>()
            .AddSingleton<TableSweep>()
            .AddSingleton<SystemSweep>()
            .AddSingleton<SweepStore>()
            .AddSingleton<Heartbeat>()
            .AddSingleton<HealthSweep>()
            .AddSingleton<IAfterSweep, RefusedFleet>()
            .AddSingleton<Readiness>()
            .AddSingleton(HealthGauges.SweepAge);
    }
}
