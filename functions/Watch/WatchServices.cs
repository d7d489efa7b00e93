using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Watch;

/// <summary>Registers the looks at everything around the gateways: probes, samples, rules.</summary>
public static class WatchServices
{
    public static IServiceCollection AddWatch(this IServiceCollection services) => services
        .AddSingleton<LogCursors>()
        .AddSingleton<ContainerLogs>()
        .AddSingleton(new WatchNetwork())
        .AddSingleton<IProbe, ContainerProbe>()
        .AddSingleton<IProbe, SiteProbe>()
        .AddSingleton<IProbe, HostProbe>()
        .AddSingleton<IProbe, HttpProbe>();
}
