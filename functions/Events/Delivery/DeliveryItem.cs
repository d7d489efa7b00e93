namespace WhatsOps.Events;

/// <summary>One owed event as people see it.</summary>
/// <param name="EventId">Also the <c>webhook-id</c> that the product sees.</param>
/// <param name="State"><c>pending</c>, <c>delivered</c> or <c>dead</c>.</param>
/// <param name="NextAttemptAt">Only of pending ones; an event behind another waits for that one, whatever this says.</param>
/// <param name="HasBody">False: it can be replayed no more.</param>
public sealed record DeliveryItem(
    Guid EventId, DateTimeOffset ReceivedAt, string System, string Tenant, string Event, string State, int Attempts, int? LastStatus, string? LastError,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? SettledAt, bool IsReplay, bool IsBackfill, bool HasBody);
