using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>An open instance that is silent against its habit.</summary>
/// <param name="Normal">Its longest silence around this hour of the week.</param>
internal sealed record ZombieSuspect(InstanceStatus Status, TimeSpan Silence, TimeSpan Normal);
