namespace WhatsOps.Gateways.TaktChat;

/// <summary>A connection's status, and the QR's text while it is <c>qrcode</c>: a secret while it lives.</summary>
internal sealed record TaktChatCode(string? Status, string? Qr)
{
    public override string ToString() => Status ?? "";
}
