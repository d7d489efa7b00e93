namespace WhatsOps.Fleet;

/// <summary>
/// TaktChat's companies: each of their WhatsApp connections is a tenant, <c>COMPANY-CONNECTION</c> (<c>12-7</c>), since a company may have several and a tenant has
/// one instance. A connection of a company that is switched off is watched by nobody.
/// </summary>
internal sealed class TaktChatTenantDirectory(ProductDatabases databases, TimeProvider time) : InstancesAsTenants(databases, time)
{
    private static readonly (string, string[])[] Read = [("Whatsapps", ["id", "companyId", "status", "channel", "updatedAt"]), ("Companies", ["id", "status"])];

    protected override IReadOnlyList<(string Table, string[] Columns)> Needed => Read;

    protected override async Task<IReadOnlyList<Tenant>> ReadAsync(FleetSystem system, string? slug, CancellationToken cancellation)
    {
        await using var command = Command(
            system,
            $"""
            SELECT w."companyId" || '-' || w.id, w.status, w."updatedAt"::timestamptz, coalesce(c.status, true)
            FROM {Table(system, "Whatsapps")} w JOIN {Table(system, "Companies")} c ON c.id = w."companyId"
            WHERE coalesce(nullif(w.channel, ''), 'whatsapp') = 'whatsapp' AND ($1::text IS NULL OR w."companyId" || '-' || w.id = $1) ORDER BY w."companyId", w.id
            """);
        command.Parameters.Add(new() { Value = (object?)slug ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var tenants = new List<Tenant>();
        while (await row.ReadAsync(cancellation))
        {
            var name = row.GetString(0);
            tenants.Add(new(system.Name, name, row.GetBoolean(3), new(name, IsActive: true, await row.IsDBNullAsync(1, cancellation) ? null : row.GetString(1), null, null, row.GetFieldValue<DateTimeOffset?>(2))));
        }

        return tenants;
    }
}
