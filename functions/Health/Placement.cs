using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Which gateway each tenant is on: the one its row names; else the only one; else the one whose list has the exact name.</summary>
internal sealed class Placement(FleetSystem system, IReadOnlyList<GatewayView> views)
{
    /// <summary>Null: no gateway has it, or the one that may have it was not seen.</summary>
    public GatewayView? Of(Tenant tenant)
    {
        if (tenant.Integration?.ApiUrl is { } url && views.FirstOrDefault(view => Same(view.Endpoint.Url, url)) is { } named) return named;
        if (views.Count == 1) return views[0];
        return views.FirstOrDefault(view => view.Instances.ContainsKey(system.InstancePrefix + tenant.Slug));
    }

    /// <summary>Whether "no gateway has it" is known rather than guessed.</summary>
    public bool IsCertain => views.All(view => view.IsListed);

    /// <summary>
    /// Whether a tenant last seen on this gateway is now nowhere, while another gateway cannot be listed: nothing says that its trouble here is
    /// over, so this pass must close nothing.
    /// </summary>
    /// <param name="unplaced">Tenants for which <see cref="Of"/> gave null.</param>
    public bool HasLostSightOf(GatewayView view, IEnumerable<Tenant> unplaced, SystemMemory memory) =>
        !IsCertain && unplaced.Any(tenant => memory.Of(tenant.Slug, system.InstancePrefix + tenant.Slug)?.Gateway == view.Name);

    public static bool Same(string left, string? right) => right is not null && string.Equals(left.TrimEnd('/'), right.TrimEnd('/'), StringComparison.OrdinalIgnoreCase);
}
