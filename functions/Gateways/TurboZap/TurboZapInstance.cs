namespace WhatsOps.Gateways.TurboZap;

/// <summary>One instance in the API's own words.</summary>
/// <param name="Status">disconnected, connecting, connected, qrcode or error. <c>connected</c> means that a device is paired, even with its connection down; null: it said none.</param>
/// <param name="Number">Digits of the paired number; null: none is told. Never log it.</param>
internal sealed record TurboZapInstance(string Name, string? Id, string? Status, string? Number)
{
    public override string ToString() => $"{Name} {Status}";
}
