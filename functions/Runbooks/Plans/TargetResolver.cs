using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>Finds the one instance and the one gateway that a run for a tenant is about; refuses to guess.</summary>
public sealed class TargetResolver(IFleet fleet, ITenantDirectory directory, IGateways gateways)
{
    /// <summary>The tenant's target.</summary>
    /// <exception cref="ProblemException">404 unknown system or tenant, 409 when the gateway cannot be told, 503 when the product cannot be asked.</exception>
    public async Task<RunTarget> ResolveAsync(string systemName, string slug, CancellationToken cancellation)
    {
        var system = await SystemAsync(systemName, cancellation);
        var tenant = await FindAsync(system, slug, cancellation)
            ?? throw new ProblemException(404, $"System {systemName} has no tenant {slug}.", "$.tenant", "Names are exact; look the slug up in the product.");
        var instance = system.InstancePrefix + slug;
        var gateway = await GatewayAsync(system, tenant, instance, cancellation);
        return new(systemName, slug, instance, gateway.Name, WebhookUrl(system, slug)) { GatewayUrl = gateway.Url };
    }

    /// <summary>The target of a run about one whole gateway.</summary>
    /// <exception cref="ProblemException">404 unknown system or gateway.</exception>
    public async Task<RunTarget> ResolveGatewayAsync(string systemName, string gatewayName, CancellationToken cancellation)
    {
        var system = await SystemAsync(systemName, cancellation);
        var gateway = system.Gateways.FirstOrDefault(candidate => candidate.Name == gatewayName)
            ?? throw new ProblemException(404, $"System {systemName} has no gateway {gatewayName}.", "$.gateway", "List them: whatsops fleet show.");
        return new(systemName, RunTarget.NoTenant, RunTarget.WholeGateway(gatewayName), gatewayName, null) { GatewayUrl = gateway.Url };
    }

    /// <summary>The target of a run about a whole system.</summary>
    /// <exception cref="ProblemException">404 unknown system.</exception>
    public async Task<RunTarget> ResolveSystemAsync(string systemName, CancellationToken cancellation) =>
        new((await SystemAsync(systemName, cancellation)).Name, RunTarget.NoTenant, RunTarget.WholeSystem, RunTarget.WholeSystem, null);

    private async Task<FleetSystem> SystemAsync(string name, CancellationToken cancellation)
    {
        var version = await fleet.CurrentAsync(cancellation)
            ?? throw new ProblemException(409, "No fleet file is in force.", null, "Apply one: whatsops fleet apply FILE.");
        return version.System(name) ?? throw new ProblemException(404, $"The fleet has no system {name}.", "$.system", "List them: whatsops fleet show.");
    }

    private async Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation)
    {
        try
        {
            return await directory.FindAsync(system, slug, cancellation);
        }
        catch (NpgsqlException problem) when (problem is not PostgresException)
        {
            throw new ProblemException(503, $"The product database of {system.Name} does not answer.", null, "Run whatsops doctor.");
        }
    }

    // Pointing the webhook here cuts the product off, unless its events are forwarded or it needs none. A fleet that an older version took may
    // have an address and no secret: nothing can be forwarded then.
    private static string? WebhookUrl(FleetSystem system, string slug) =>
        system.Webhook is { BaseUrl: { } baseUrl } and ({ DeliverTo: "none" } or { DeliverTo: not null, DeliverySecret: not null })
        ? ReceiverAddress.Of(baseUrl, slug)
        : null;

    private async Task<GatewayEndpoint> GatewayAsync(FleetSystem system, Tenant tenant, string instance, CancellationToken cancellation)
    {
        if (tenant.Integration?.ApiUrl is { } url
            && system.Gateways.FirstOrDefault(gateway => string.Equals(gateway.Url.TrimEnd('/'), url.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) is { } named)
            return named;
        if (system.Gateways is [var only]) return only;
        var holders = new List<GatewayEndpoint>();
        foreach (var endpoint in system.Gateways)
        {
            var list = await gateways.Open(system, endpoint).ListAsync(cancellation);
            if (list.Value?.Any(candidate => candidate.Name == instance) == true) holders.Add(endpoint);
        }

        return holders is [var holder] ? holder : throw new ProblemException(
            409,
            $"Cannot tell which gateway tenant {tenant.Slug} belongs to: {holders.Count} of {system.Gateways.Count} gateways have {instance}.",
            null,
            "Set config.api_url in the tenant's whatsapp integration to the URL of its gateway.");
    }
}
