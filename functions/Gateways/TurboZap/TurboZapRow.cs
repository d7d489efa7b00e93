namespace WhatsOps.Gateways.TurboZap;

/// <summary>One row of TurboZap's table instances.</summary>
/// <param name="Status">Follows the events of the connection, unlike the API's word.</param>
/// <param name="IsPaired">It has a device_jid.</param>
internal sealed record TurboZapRow(string? Status, bool IsPaired, DateTimeOffset? UpdatedAt);
