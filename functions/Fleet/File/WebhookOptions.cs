namespace WhatsOps.Fleet;

/// <summary>How the gateways reach WhatsOps, and where accepted events go next.</summary>
public sealed record WebhookOptions
{
    /// <summary>In <see cref="DeliverTo"/>: the slug of the event's tenant, escaped.</summary>
    public const string TenantPlace = "{tenant}";

    /// <summary>Public base of the receiver; the tenant's URL is <c>{BaseUrl}/api/whatsapp/webhook/{slug}</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary>
    /// The product's own endpoint (a URL or a reference to one; <see cref="TenantPlace"/> stands for the slug), to which accepted events are
    /// forwarded; or <c>none</c>, when the product needs no events. Absent: webhooks are never pointed at WhatsOps, since that would cut the product off.
    /// </summary>
    public string? DeliverTo { get; init; }

    /// <summary>Reference to the secret that signs what is forwarded (Standard Webhooks; <c>whsec_</c> and base64, or any text). Needed with an address in <see cref="DeliverTo"/>.</summary>
    public string? DeliverySecret { get; init; }

    /// <summary>Further headers of forwarded events; values are references, alone or after one word (<c>Bearer ${env:NAME}</c>).</summary>
    public IReadOnlyDictionary<string, string> DeliverHeaders { get; init; } = new Dictionary<string, string>();

    /// <summary>Event names subscribed on the gateway, UPPER_SNAKE for every kind of gateway.</summary>
    public IReadOnlyList<string> Events { get; init; } = Usual;

    internal static IReadOnlyList<string> Usual { get; } =
        ["CONNECTION_UPDATE", "QRCODE_UPDATED", "STATUS_INSTANCE", "LOGOUT_INSTANCE", "REMOVE_INSTANCE", "INSTANCE_CREATE", "INSTANCE_DELETE", "MESSAGES_UPSERT"];

    /// <summary>True when accepted events are owed to the product.</summary>
    public bool Forwards() => DeliverTo is not (null or "none");
}
