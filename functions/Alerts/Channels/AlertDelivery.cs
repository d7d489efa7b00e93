using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One attempt to carry a message.</summary>
/// <param name="Id">The same at every attempt, so that a repeated message can be told from a second one.</param>
internal sealed record AlertDelivery(AlertRoute Route, Guid Id, AlertMessage Message);
