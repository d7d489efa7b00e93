using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>
/// The product's data against itself and against the gateways (R-122). A missing instance name and a missing instance of an active row are the
/// sweep's to tell, rows without a tenant the orphan audit's.
/// </summary>
internal static class IntegrityRules
{
    /// <summary>By the rows alone.</summary>
    public static IEnumerable<IntegrityViolation> OfRows(IReadOnlyList<IntegrationRow> rows)
    {
        foreach (var same in rows.Where(row => row is { IsActive: true, Slug: not null }).GroupBy(row => (row.Slug, Environment: row.Environment ?? "")).Where(same => same.Count() > 1))
            yield return new("duplicate_active", Severity.Medium, same.Key.Slug!,
                $"{same.Key.Slug} has {same.Count()} active rows{(same.Key.Environment.Length > 0 ? $" for {same.Key.Environment}" : "")}; which one the product uses is chance.");
        foreach (var row in rows.Where(row => row is { IsActive: true, Slug: not null }))
        {
            string[] empty = [.. row.EmptyKeys.Where(key => key != "instance_name")];
            if (empty.Length > 0) yield return new("empty_config_keys", Severity.Low, row.Slug!, $"The active row of {row.Slug} lacks config.{string.Join(" and config.", empty)}.");
            if (!row.TenantIsActive) yield return new("active_row_of_inactive_tenant", Severity.Medium, row.Slug!, $"{row.Slug} is inactive, but its integration is active: a customer who left may still send.");
        }
    }

    /// <summary>By the tenants alone: slugs that a careless comparison takes for one.</summary>
    public static IEnumerable<IntegrityViolation> OfSlugs(IEnumerable<Tenant> tenants) =>
        from same in tenants.GroupBy(tenant => tenant.Slug, StringComparer.OrdinalIgnoreCase)
        where same.Count() > 1
        from tenant in same
        select new IntegrityViolation("slugs_differ_by_case", Severity.Medium, tenant.Slug,
            $"The slugs {string.Join(", ", same.Select(twin => twin.Slug).Order(StringComparer.Ordinal))} differ only by case: the product's own search takes them for one.");

    /// <summary>By what the gateways list; nothing is said of an instance whose gateway was not seen.</summary>
    public static IEnumerable<IntegrityViolation> OfGateways(AuditScene scene)
    {
        foreach (var tenant in scene.Tenants)
        {
            var name = scene.InstanceOf(tenant);
            string[] holders = [.. scene.Gateways.Where(gateway => gateway.Instances.ContainsKey(name)).Select(gateway => gateway.Name)];
            if (holders.Length > 0 && tenant.Integration is null)
                yield return new("instance_without_row", Severity.Medium, tenant.Slug, $"Instance {name} is on {string.Join(" and ", holders)}, but the product has no row for {tenant.Slug}.");
            if (tenant.Integration is not { IsActive: true, ApiUrl: { } url }) continue;
            var named = scene.System.Gateways.FirstOrDefault(gateway => Placement.Same(gateway.Url, url));
            if (named is null)
                yield return new("unknown_gateway", Severity.Medium, tenant.Slug, $"The row of {tenant.Slug} names a gateway that is not in the fleet file.");
            else if (holders.Length > 0 && !holders.Contains(named.Name, StringComparer.Ordinal) && scene.Gateways.Any(gateway => gateway.Name == named.Name && gateway.IsListed))
                yield return new("wrong_gateway", Severity.High, tenant.Slug, $"The row of {tenant.Slug} names gateway {named.Name}, but {name} is on {string.Join(" and ", holders)}: the product calls the wrong one.");
        }
    }
}
