using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>Looks at a system for an audit: the product's tenants and, where asked, every gateway with its list. Never throws for a sick target.</summary>
internal sealed class AuditObserver(ProductObserver products, GatewayObserver gateways, TimeProvider time)
{
    public async Task<AuditScene> LookAsync(FleetSystem system, bool withGateways, CancellationToken cancellation)
    {
        var started = time.GetUtcNow();
        var looking = products.ObserveAsync(system, cancellation);
        GatewayView[] views = withGateways ? await Task.WhenAll(system.Gateways.Select(gateway => gateways.ObserveAsync(system, gateway, cancellation))) : [];
        var product = await looking;
        // Cut off is not seen: the run is repeated rather than judged.
        cancellation.ThrowIfCancellationRequested();
        return new AuditScene(system, product, views, started);
    }
}
