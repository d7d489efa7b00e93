using WhatsOps.Fleet;

namespace WhatsOps.Audits;

/// <summary>Active, inactive or stale, in the manual's order of cases: stale wins .</summary>
internal static class TenantStatusRules
{
    public static IntegrationAge Of(TenantIntegration? integration, SystemThresholds thresholds, DateTimeOffset now) => integration switch
    {
        null => IntegrationAge.None,
        { UpdatedAt: { } updated } when updated < now - TimeSpan.FromHours(thresholds.StaleHours) => IntegrationAge.Stale,
        { IsActive: true } => IntegrationAge.Active,
        _ => IntegrationAge.Inactive,
    };
}
