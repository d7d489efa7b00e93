using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Routines;

namespace WhatsOps.Audits;

/// <summary>Registers the audits; each is a routine.</summary>
public static class AuditsServices
{
    public static IServiceCollection AddAudits(this IServiceCollection services) => services
        .AddSingleton<AuditObserver>()
        .AddSingleton<AuditDesk>()
        .AddSingleton<IRoutine, TenantStatusAudit>()
        .AddSingleton<IRoutine, NamingAudit>()
        .AddSingleton<IRoutine, WebhookDriftAudit>()
        .AddSingleton<IRoutine, IsolationAudit>();
}
