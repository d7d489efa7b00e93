using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Diagnosis;

/// <summary>Registers what tells causes: doctor, and the decision trees.</summary>
public static class DiagnosisServices
{
    public static IServiceCollection AddDiagnosis(this IServiceCollection services)
    {
        services.AddSingleton<GatewayDoctor>();
        services.AddSingleton<ISystemDoctor, ProductDoctor>();
        services.AddSingleton<ISystemDoctor, SupabaseDoctor>();
        services.AddSingleton<ISystemDoctor, DeliveryDoctor>();
        services.AddSingleton<OwnDoctor>();
        services.AddSingleton<FleetDoctor>();
        services.AddSingleton<IDoctor, Doctor>();
        services.AddSingleton<PerformanceReader>();
        services.AddSingleton<SurroundingsReader>();
        services.AddSingleton<DiagnosisObserver>();
        services.AddSingleton<Diagnostician>();
        return services;
    }
}
