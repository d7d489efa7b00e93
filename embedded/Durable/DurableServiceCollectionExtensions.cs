using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace WhatsOps.Embedded.Durable;

/// <summary>Registers the engine. The host registers its <see cref="IDurableFunctions"/>.</summary>
internal static class DurableServiceCollectionExtensions
{
    public static IServiceCollection AddDurableEngine(this IServiceCollection services, DurableEngineOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new DurableEngine(
            options,
            provider.GetRequiredService<IDurableFunctions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetService<IFaultPoints>()));
        services.AddSingleton<IHostedService>(provider => provider.GetRequiredService<DurableEngine>());
        services.AddSingleton<DurableTaskClient, PostgresDurableTaskClient>();
        return services;
    }
}
