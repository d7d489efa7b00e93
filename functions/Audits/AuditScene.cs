using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>What an audit saw of one system before it judges.</summary>
/// <param name="Gateways">Empty when the audit needs none.</param>
internal sealed record AuditScene(FleetSystem System, ProductView Product, IReadOnlyList<GatewayView> Gateways, DateTimeOffset StartedAt)
{
    /// <summary>Every tenant of the product; empty when it was not seen, which the sheet says.</summary>
    public IReadOnlyList<Tenant> Tenants => Product.All ?? [];

    public Placement Placement { get; } = new(System, Gateways);

    /// <summary>The exact name of a tenant's instance.</summary>
    public string InstanceOf(Tenant tenant) => System.InstancePrefix + tenant.Slug;
}
