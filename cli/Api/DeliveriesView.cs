namespace WhatsOps.Cli.Api;

/// <summary>A page of them.</summary>
internal sealed record DeliveriesView(IReadOnlyList<DeliveryView> Deliveries, string? Before);
