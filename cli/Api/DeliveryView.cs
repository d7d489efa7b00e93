namespace WhatsOps.Cli.Api;

/// <summary>An owed event as the API tells it.</summary>
internal sealed record DeliveryView(
    Guid EventId, DateTimeOffset ReceivedAt, string System, string Tenant, string Event, string State, int Attempts, string? LastError,
    DateTimeOffset? NextAttemptAt, DateTimeOffset? SettledAt, bool IsReplay, bool IsBackfill, bool HasBody);
