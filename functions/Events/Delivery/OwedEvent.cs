namespace WhatsOps.Events;

/// <summary>One event that a product is owed, as the sender takes it from the outbox.</summary>
/// <param name="Trace">Of the request that brought it; null when that was not traced.</param>
/// <param name="Body">Encrypted; null when retention or erasure took it.</param>
internal sealed record OwedEvent(
    Guid Id, DateTimeOffset ReceivedAt, string? ContentType, bool IsReplay, bool IsBackfill, DateTimeOffset OwedSince, DeliveryStanding Standing, byte[]? Body, string? Trace = null);
