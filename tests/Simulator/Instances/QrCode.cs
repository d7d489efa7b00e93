using System.Text.Json.Nodes;
using QRCoder;

namespace WhatsOps.Simulator.Instances;

/// <summary>One QR code: what the phone reads, the same as a PNG data URI, the pairing code, and which code of this connection it is.</summary>
internal sealed class QrCode(string code, string? pairingCode, int count)
{
    private readonly Lazy<string> base64 = new(() =>
    {
        using var data = QRCodeGenerator.GenerateQrCode(code, QRCodeGenerator.ECCLevel.M);
        using var png = new PngByteQRCode(data);
        return "data:image/png;base64," + Convert.ToBase64String(png.GetGraphic(4));
    });

    public string Code => code;

    public int Count => count;

    public string Base64 => base64.Value;

    public string? PairingCode => pairingCode;

    /// <summary>A code as WhatsApp makes them: a reference and three keys.</summary>
    public static QrCode Next(SimulatorRandom random, string? pairingCode, int count)
    {
        var parts = Enumerable.Range(0, 3).Select(_ => Convert.ToBase64String(random.Bytes(32)));
        return new($"2@{Convert.ToBase64String(random.Bytes(60))},{string.Join(',', parts)}", pairingCode, count);
    }

    /// <summary>The answer of connect; only a count while there is no code.</summary>
    public static JsonObject Answer(QrCode? qr) => qr is null
        ? new JsonObject { ["count"] = 0 }
        : new JsonObject { ["pairingCode"] = qr.PairingCode, ["code"] = qr.Code, ["base64"] = qr.Base64, ["count"] = qr.Count };
}
