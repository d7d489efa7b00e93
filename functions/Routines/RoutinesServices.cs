using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Routines;

/// <summary>Registers the clock of routines; each folder registers its own routines.</summary>
public static class RoutinesServices
{
    public static IServiceCollection AddRoutines(this IServiceCollection services) =>
        services.AddSingleton<RoutineStore>().AddSingleton<RoutineRunner>();
}
