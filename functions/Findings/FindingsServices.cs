using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Findings;

/// <summary>Registers the findings store.</summary>
public static class FindingsServices
{
    public static IServiceCollection AddFindings(this IServiceCollection services) => 
        services.AddSingleton<IFindings, FindingStore>().AddSingleton(FindingGauges.BySeverity).AddSingleton(FindingGauges.ByTenant);
}
