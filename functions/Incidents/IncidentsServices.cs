using Microsoft.Extensions.DependencyInjection;

namespace WhatsOps.Incidents;

/// <summary>Registers the collecting of evidence.</summary>
public static class IncidentsServices
{
    public static IServiceCollection AddIncidents(this IServiceCollection services) => services.AddSingleton<ContainerEvidence>().AddSingleton<RecordEvidence>().AddSingleton<EvidenceDesk>();
}
