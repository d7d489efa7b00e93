using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Gateways;

/// <summary>Registers the instance states.</summary>
public static class InstanceServices
{
    public static IServiceCollection AddInstances(this IServiceCollection services) => services.AddSingleton<IInstanceStates, InstanceStates>();
}
