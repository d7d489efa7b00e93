namespace WhatsOps.Events;

/// <summary>Where an owed event stands.</summary>
/// <param name="State"><see cref="Pending"/>, <see cref="Delivered"/> or <see cref="Dead"/>.</param>
/// <param name="IsAside">Outside its tenant's order.</param>
/// <param name="Refusals">Attempts that were answered with a 4xx about this event.</param>
internal sealed record DeliveryStanding(
    string State, bool IsAside, int Attempts, int Refusals, DateTimeOffset? FirstAttemptAt, DateTimeOffset NextAttemptAt, int? LastStatus, string? LastError)
{
    public const string Pending = "pending";
    public const string Delivered = "delivered";
    public const string Dead = "dead";
}
