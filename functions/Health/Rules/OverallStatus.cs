using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>The manual's verdicts (R-095…R-100), with severities that reach critical.</summary>
internal static class OverallStatus
{
    /// <summary>high and critical: unhealthy; medium: degraded; the rest is worth a line, not a status.</summary>
    public static HealthStatus Of(Severity severity) => severity switch
    {
        >= Severity.High => HealthStatus.Unhealthy,
        Severity.Medium => HealthStatus.Degraded,
        _ => HealthStatus.Healthy,
    };

    /// <summary>Unhealthy: a service is, or an issue is critical. Degraded: any other issue, or anything not seen. Otherwise healthy.</summary>
    public static HealthStatus Of(IReadOnlyCollection<ServiceReport> services, IReadOnlyCollection<ObservedFinding> findings, bool complete)
    {
        if (services.Any(service => service.Status == HealthStatus.Unhealthy) || findings.Any(finding => finding.Severity == Severity.Critical))
            return HealthStatus.Unhealthy;
        return !complete || findings.Any(finding => finding.Severity > Severity.Info) || services.Any(service => service.Status != HealthStatus.Healthy)
            ? HealthStatus.Degraded
            : HealthStatus.Healthy;
    }
}
