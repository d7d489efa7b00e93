namespace WhatsOps.Fleet;

/// <summary>How the gateways reach WhatsOps, and where accepted events go next.</summary>
public sealed record WebhookOptions
{
    /// <summary>Public base of the receiver; the tenant's URL is <c>{BaseUrl}/api/whatsapp/webhook/{slug}</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>none</c>, or the product's own endpoint. Only with none a repair points webhooks at WhatsOps: it forwards no event yet, so anything else could cut the product off.</summary>
    public string? DeliverTo { get; init; }

    /// <summary>Event names subscribed on the gateway, UPPER_SNAKE.</summary>
    public IReadOnlyList<string> Events { get; init; } =
        ["CONNECTION_UPDATE", "QRCODE_UPDATED", "STATUS_INSTANCE", "LOGOUT_INSTANCE", "REMOVE_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "MESSAGES_UPSERT"];
}
