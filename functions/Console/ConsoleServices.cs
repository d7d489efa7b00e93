using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Console;

/// <summary>Registers what operators look at.</summary>
public static class ConsoleServices
{
    public static IServiceCollection AddConsole(this IServiceCollection services) => services.AddSingleton<TimelineReader>();
}
