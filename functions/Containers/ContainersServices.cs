using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Containers;

/// <summary>Registers the way to container engines.</summary>
public static class ContainersServices
{
    public static IServiceCollection AddContainers(this IServiceCollection services) => services.AddSingleton<ContainerHost>().AddSingleton<EngineApi>();
}
