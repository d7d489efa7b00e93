namespace WhatsOps.Gateways;

/// <summary>One call made to a gateway, as it is kept: neither key nor body.</summary>
/// <param name="Status">HTTP status; null when there was no answer.</param>
public sealed record GatewayCall(
    DateTimeOffset At, string System, string Gateway, string? Tenant, string? Instance, string Operation, string Outcome, int? Status, TimeSpan Duration);
