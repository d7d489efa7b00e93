using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Gateways;

/// <summary>Registers the instance states and the memory of orphans.</summary>
public static class InstanceServices
{
    public static IServiceCollection AddInstances(this IServiceCollection services) =>
        services.AddSingleton<IInstanceStates, InstanceStates>().AddSingleton<IOrphanStore, OrphanStore>();
}
