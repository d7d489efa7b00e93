using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Registers the health sweep and the probes.</summary>
public static class HealthServices
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSecretHttpClient(nameof(Heartbeat))
        .AddSecretHttpClient(nameof(ProductApi))
        .AddSingleton<GatewayObserver>()
        .AddSingleton<ProductObserver>()
        .AddSingleton<ProductApi>()
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
