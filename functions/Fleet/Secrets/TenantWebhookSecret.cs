namespace WhatsOps.Fleet;

/// <summary>What proves that a webhook is the tenant's: sent as header <c>x-whatsops-secret</c>, or as the key of Evolution's <c>jwt_key</c> JWT.</summary>
public sealed record TenantWebhookSecret(string System, string Tenant, string Current, string? Previous)
{
    /// <summary>Never prints the secrets.</summary>
    public override string ToString() => $"{System}/{Tenant}";
}
