using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <summary>Which of a gateway's instances carry the system's prefix and belong to no tenant of its product .</summary>
/// <param name="Names">Exact names in order; empty when nothing can be said.</param>
/// <param name="Doubt">Why what looks like orphans must not be believed; null: it can.</param>
public sealed record Orphans(IReadOnlyList<string> Names, string? Doubt)
{
    /// <param name="names">Every instance of the gateway, of a complete list.</param>
    /// <param name="tenants">Every tenant of the product, active or not.</param>
    /// <param name="others">The fleet's systems: a name with the longer prefix of another one (<c>shop-br-</c> beside <c>shop-</c>) is that one's.</param>
    public static Orphans Of(FleetSystem system, IEnumerable<string> names, IReadOnlyCollection<Tenant> tenants, IReadOnlyCollection<FleetSystem>? others = null)
    {
        if (system.InstancePrefix.Length == 0)
            return new([], $"System {system.Name} has no instancePrefix, so every instance of somebody else would look like an orphan.");
        if (tenants.Count == 0) return new([], $"The product of {system.Name} has no tenant at all: that is rather a wrong database than a thousand orphans.");
        // A row that names its instance otherwise is a wrong name with an owner (instance_name_mismatch), not an orphan.
        var owned = tenants.Select(tenant => system.InstancePrefix + tenant.Slug)
            .Concat(tenants.Select(tenant => tenant.Integration?.InstanceName).OfType<string>()).ToHashSet(StringComparer.Ordinal);
        var foreign = (others ?? []).Select(other => other.InstancePrefix).Where(prefix => prefix.Length > system.InstancePrefix.Length).ToList();
        var ours = names.Where(name => name.StartsWith(system.InstancePrefix, StringComparison.Ordinal) && !foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).ToList();
        var orphans = ours.Where(name => !owned.Contains(name)).Order(StringComparer.Ordinal).ToList();
        return orphans.Count * 2 > ours.Count
            ? new([], $"{orphans.Count} of {ours.Count} instances with prefix {system.InstancePrefix} belong to no tenant, more than half: look at tenantDirectory and instancePrefix first.")
            : new(orphans, null);
    }
}
