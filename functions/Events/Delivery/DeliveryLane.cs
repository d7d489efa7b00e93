namespace WhatsOps.Events;

/// <summary>A tenant's queue, leased.</summary>
/// <param name="Fence">Of this lease; a later one has a higher number.</param>
/// <param name="IsProbe">The product is being tried after failures: one event, and more only when it is taken.</param>
internal sealed record DeliveryLane(string System, string Tenant, Guid Owner, long Fence, bool IsProbe);
