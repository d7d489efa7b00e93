namespace WhatsOps.Gateways.TurboZap;

/// <summary>The answer to a question for a QR code.</summary>
/// <param name="Status"><c>qrcode</c>, <c>pending</c> (none yet) or <c>connected</c> (paired).</param>
/// <param name="Qr">The QR's text, a secret while it lives; null while there is none.</param>
internal sealed record TurboZapCode(string Status, string? Qr)
{
    public override string ToString() => Status;
}
