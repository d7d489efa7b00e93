namespace WhatsOps.Fleet;

/// <summary>
/// TaktChat's companies: each of their WhatsApp connections is a tenant, <c>COMPANY-CONNECTION</c> (<c>12-7</c>), since a company may have several and a tenant has
/// one instance. A connection of a company that is switched off is watched by nobody.
/// </summary>
internal sealed class TaktChatTenantDirectory(ProductDatabases databases, TimeProvider time) : InstancesAsTenants(databases, time)
{
    private static readonly (string, string[])[] Read = [("Whatsapps", ["id", "companyId", "status", "channel", "updatedAt"]), ("Companies", ["id", "status"])];

    protected override IReadOnlyList<(string Table, string[] Columns)> Needed => Read;

    protected override string Sessions(FleetSystem system) =>
        $"""
        SELECT w."companyId" || '-' || w.id AS name, w.status, w."updatedAt" AS updated_at, coalesce(c.status, true) AS is_active
        FROM {Table(system, "Whatsapps")} w JOIN {Table(system, "Companies")} c ON c.id = w."companyId" WHERE coalesce(nullif(w.channel, ''), 'whatsapp') = 'whatsapp'
        """;
}
