namespace WhatsOps.Events;

/// <summary>One event as people see it.</summary>
/// <param name="Instance">As the body said it, phone numbers masked; null when it said none.</param>
/// <param name="Problem">Why there is no readable body: oversized, malformed or too_deep; null when all is well.</param>
public sealed record EventItem(
    Guid Id, DateTimeOffset ReceivedAt, string System, string Tenant, string Event, string? Instance, bool IsForeign, string? State, int? Reason, string? Problem, int Size);
