using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WhatsOps.Routines;

namespace WhatsOps.Retention;

/// <summary>Registers the clean-up of what has had its time.</summary>
public static class RetentionServices
{
    public static IServiceCollection AddRetention(this IServiceCollection services)
    {
        services.TryAddSingleton(new RetentionPace());
        return services.AddSingleton<CleanUpRequests>().AddSingleton<OwnCleanUp>().AddSingleton<ProductCleanUp>().AddSingleton<IRoutine, CleanUp>();
    }
}
