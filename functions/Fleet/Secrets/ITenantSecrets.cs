namespace WhatsOps.Fleet;

/// <summary>The webhook secrets of tenants, encrypted in the database.</summary>
public interface ITenantSecrets
{
    /// <summary>
    /// Every system that knows a tenant of this exact slug, with its secrets; empty when nobody does.
    /// Cached in memory for a few seconds, since the receiver asks for every event; what is not cached is read in one query with what others ask for.
    /// </summary>
    ValueTask<IReadOnlyList<TenantWebhookSecret>> ForSlugAsync(string slug, CancellationToken cancellation);

    /// <summary>
    /// The same, read later than a moment. Ask it before refusing a proof: another process may have rotated a second ago, and Evolution throws
    /// an event away for good on 401. However many ask in vain, the database hears of it 20 times a second.
    /// </summary>
    /// <param name="since">Timestamp of the <see cref="TimeProvider"/>: when the request came.</param>
    Task<IReadOnlyList<TenantWebhookSecret>> ReadSinceAsync(string slug, long since, CancellationToken cancellation);

    /// <summary>The tenant's current secret, made on first use.</summary>
    Task<TenantWebhookSecret> EnsureAsync(string system, string slug, CancellationToken cancellation);

    /// <summary>Makes a new current secret; the old one stays valid as previous until the next rotation.</summary>
    Task<TenantWebhookSecret> RotateAsync(string system, string slug, CancellationToken cancellation);

    /// <summary>Takes over a secret that a gateway already sends (first apply on a running product).</summary>
    Task ImportAsync(string system, string slug, string secret, CancellationToken cancellation);
}
