using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Health;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Registers the audits; each is a routine or a watch after the sweep.</summary>
public static class AuditsServices
{
    public static IServiceCollection AddAudits(this IServiceCollection services) => services
        .AddSingleton<AuditObserver>()
        .AddSingleton<AuditDesk>()
        .AddSingleton<ProductRows>()
        .AddSingleton<IRoutine, TenantStatusAudit>()
        .AddSingleton<IRoutine, NamingAudit>()
        .AddSingleton<IRoutine, WebhookDriftAudit>()
        .AddSingleton<IRoutine, IsolationAudit>()
        .AddSingleton<IRoutine, DataIntegrityAudit>()
        .AddSingleton<IRoutine, KeysAudit>()
        .AddSingleton<IRoutine, GatewayVersionsAudit>()
        .AddSingleton<ProductEndpointLook>()
        .AddSingleton<IRoutine, CapabilitiesAudit>()
        .AddSingleton<IRoutine, OrphanAudit>()
        .AddSingleton<IRoutine, WeeklyCompanies>()
        .AddSingleton<IRoutine, MonthlyCompanies>()
        .AddSingleton<CanaryStore>()
        .AddSingleton<CanaryDesk>()
        .AddSingleton<IAfterSweep, StormWatch>()
        .AddSingleton<IAfterSweep, ZombieWatch>();
}
