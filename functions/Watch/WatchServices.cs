using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Watch;

/// <summary>Registers the looks at everything around the gateways: probes, samples, rules.</summary>
public static class WatchServices
{
    public static IServiceCollection AddWatch(this IServiceCollection services) => services
        .AddSingleton<IProbe, HttpProbe>();
}
