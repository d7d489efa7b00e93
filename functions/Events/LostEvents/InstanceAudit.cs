using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <summary>What a gateway's store and our log say of one instance's messages in a window.</summary>
/// <param name="Compared">Messages in the store that a webhook should have told.</param>
/// <param name="Missing">Those of them that never came.</param>
/// <param name="Problem">Why nothing, or not all, could be compared; null when all was.</param>
internal sealed record InstanceAudit(
    string Gateway, string Tenant, string Instance, DateTimeOffset From, DateTimeOffset To, int Compared, IReadOnlyList<StoredMessage> Missing, string? Problem);
