using WhatsOps.Audits;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Diagnosis;

/// <summary>Looks at one tenant, once, for all trees: the product's rows, its gateway, its instance, its webhook, what was noted before, and what the watch knows. Never throws for a sick target.</summary>
internal sealed class DiagnosisObserver(
    ProductObserver products, GatewayObserver gateways, IIntegrationRows rows, IInstanceStates states, EventTraffic traffic, PerformanceReader numbers, SurroundingsReader surroundings, TimeProvider time)
{
    private static readonly TimeSpan Day = TimeSpan.FromHours(24);

    public async Task<(DiagnosisView View, int Calls)> LookAsync(FleetSystem system, string slug, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var product = await products.ObserveAsync(system, cancellation);
        var tenant = product.All?.FirstOrDefault(candidate => candidate.Slug == slug);
        var (views, gateway) = await PlaceAsync(system, slug, tenant, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var memory = await SystemMemory.RecallAsync(states, system, now, cancellation);
        var view = new DiagnosisView(system, slug, product, tenant, gateway, now)
        {
            Known = memory.Of(slug, system.InstancePrefix + slug),
            Disconnections = memory.Disconnections(system.InstancePrefix + slug),
            QrCodes = memory.QrCodes(system.InstancePrefix + slug),
            Foreign = [.. (await traffic.ForeignAsync(system.Name, now - Day, cancellation)).Where(seen => seen.Tenant == slug)],
            Sharers = await SharersAsync(system, tenant, cancellation),
            Around = await surroundings.ReadAsync(system, system.InstancePrefix + slug, now, cancellation),
        };
        var calls = views.Sum(seen => seen.Calls);
        if (gateway is null) return (view, calls);
        view = view with
        {
            Neighbours = (gateway.Instances.Keys.Count(name => memory.Disconnections(name) > 0), gateway.Instances.Count),
            Performance = await numbers.ReadAsync(system.Name, gateway.Name, now - Day, cancellation),
            Lately = await numbers.ReadAsync(system.Name, gateway.Name, now.AddHours(-system.Thresholds.DisconnectionWindowHours), cancellation),
        };
        return gateway is { IsListed: true, Gateway: { } client } ? await AskAsync(view, client, calls, cancellation) : (view, calls);
    }

    private static async Task<(DiagnosisView, int)> AskAsync(DiagnosisView view, IGateway client, int calls, CancellationToken cancellation)
    {
        view = view with { Direct = await client.StateAsync(view.Instance, cancellation), Webhook = await client.WebhookAsync(view.Instance, cancellation) };
        // Asked of a connecting instance, connect changes nothing: it shows the code of the moment, of which only its being there is kept.
        if (view.State != InstanceState.Connecting) return (view, calls + 2);
        var pairing = await client.ConnectAsync(view.Instance, cancellation);
        return (view with { HasQr = pairing.IsSeen ? pairing.Value!.Qr is not null : null }, calls + 3);
    }

    // One gateway where the row or the fleet names it; all of them only where the lists must tell.
    private async Task<(IReadOnlyList<GatewayView> Seen, GatewayView? Own)> PlaceAsync(FleetSystem system, string slug, Tenant? tenant, CancellationToken cancellation)
    {
        var named = system.Gateways.Where(gateway => Placement.Same(gateway.Url, tenant?.Integration?.ApiUrl)).Take(1).ToArray();
        var views = await Task.WhenAll((named.Length > 0 ? named : [.. system.Gateways]).Select(gateway => gateways.ObserveAsync(system, gateway, cancellation)));
        return (views, new Placement(system, views).Of(tenant ?? new Tenant(system.Name, slug, false, null)));
    }

    private async Task<IReadOnlyList<string>> SharersAsync(FleetSystem system, Tenant? tenant, CancellationToken cancellation)
    {
        if (tenant?.Integration?.InstanceName is not { } name) return [];
        try
        {
            return [.. IsolationRules.Shared((await rows.ReadAsync(system, cancellation)).Rows).Where(shared => shared.Instance == name).SelectMany(shared => shared.Tenants)];
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            // The same database a moment after it was read: the walk goes on without this one fact.
            return [];
        }
    }
}
