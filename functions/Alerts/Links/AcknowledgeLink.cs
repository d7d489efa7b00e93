using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>A link that is good now.</summary>
/// <param name="Route">Who got it.</param>
/// <param name="HasWorsened">Somebody has acknowledged the finding, but it has become worse since.</param>
internal sealed record AcknowledgeLink(long FindingId, string Route, Language Language, bool IsUsed, bool HasWorsened);
