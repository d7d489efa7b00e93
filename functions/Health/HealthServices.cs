using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Health;

/// <summary>Registers the health sweep and the probes.</summary>
public static class HealthServices
{
    public static IServiceCollection AddHealth(this IServiceCollection services) => services
        .AddSingleton<GatewayObserver>()
        .AddSingleton<ProductObserver>()
        .AddSingleton<GatewaySweep>()
        .AddSingleton<TableSweep>()
        .AddSingleton<SystemSweep>()
        .AddSingleton<SweepStore>()
        .AddSingleton<Heartbeat>()
        .AddSingleton<HealthSweep>()
        .AddSingleton<Readiness>();
}
