namespace WhatsOps.Gateways;

/// <summary>What we last knew of one instance, from webhooks and sweeps together.</summary>
/// <param name="Since">Since when it is in this state.</param>
/// <param name="LastSeenOpen">Null: never seen open.</param>
/// <param name="LastEventAt">Last webhook of any kind; null: none ever.</param>
/// <param name="DisconnectReason">Baileys code of the last terminal close.</param>
public sealed record InstanceStatus(
    string System,
    string Tenant,
    string? Gateway,
    string Instance,
    InstanceState State,
    DateTimeOffset Since,
    DateTimeOffset SeenAt,
    DateTimeOffset? LastSeenOpen,
    DateTimeOffset? LastEventAt,
    int? DisconnectReason);
