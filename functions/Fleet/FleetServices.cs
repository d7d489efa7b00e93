using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace WhatsOps.Fleet;

/// <summary>Registers what is operated: the fleet in force, its tenants, secrets, operators, pauses and the audit trail.</summary>
public static class FleetServices
{
    public static IServiceCollection AddFleet(this IServiceCollection services)
    {
        services.AddSingleton<References>();
        services.AddSingleton<FleetStore>();
        services.AddSingleton<IFleetRejections>(provider => provider.GetRequiredService<FleetStore>());
        services.AddSingleton<IFleetVersions, FleetVersions>();
        services.AddSingleton<FleetInForce>();
        services.AddSingleton<IFleet>(provider => provider.GetRequiredService<FleetInForce>());
        services.AddSingleton<ISecretProtector, SecretProtector>();
        services.AddSingleton<ITenantSecrets, TenantSecrets>();
        services.AddSingleton<IOperators, Operators>();
        services.AddSingleton<IAuditTrail, AuditTrail>();
        services.AddSingleton<IPauses, Pauses>();
        services.TryAddSingleton<ProductDatabases>();
        services.AddSingleton<RevalyaTenantDirectory>();
        services.AddSingleton<RevalyaIntegrationRows>();
        services.AddSingleton<TurboZapTenantDirectory>();
        services.AddSingleton<TaktChatTenantDirectory>();
        services.AddSingleton<TenantDirectories>();
        services.AddSingleton<ITenantDirectory>(provider => provider.GetRequiredService<TenantDirectories>());
        services.AddSingleton<ITenantDirectoryInspector>(provider => provider.GetRequiredService<TenantDirectories>());
        services.AddSingleton<IIntegrationRows>(provider => provider.GetRequiredService<TenantDirectories>());
        return services;
    }
}
