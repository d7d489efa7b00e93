using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Diagnosis;

/// <summary>Registers what tells causes: doctor.</summary>
public static class DiagnosisServices
{
    public static IServiceCollection AddDiagnosis(this IServiceCollection services)
    {
        services.AddSingleton<GatewayDoctor>();
        services.AddSingleton<ProductDoctor>();
        services.AddSingleton<DeliveryDoctor>();
        services.AddSingleton<OwnDoctor>();
        services.AddSingleton<FleetDoctor>();
        services.AddSingleton<IDoctor, Doctor>();
        return services;
    }
}
