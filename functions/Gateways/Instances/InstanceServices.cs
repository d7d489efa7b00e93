using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Gateways;

/// <summary>Registers the instance states, the memory of orphans, and the look into the gateways' Redis.</summary>
public static class InstanceServices
{
    public static IServiceCollection AddInstances(this IServiceCollection services) =>
        services.AddSingleton<IInstanceStates, InstanceStates>().AddSingleton<IOrphanStore, OrphanStore>().AddSingleton<ISessionKeys, RedisSessionKeys>();
}
