using QRCoder;
using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>Answers who holds a link: the tenant's name for the page, and what it shows now.</summary>
public sealed class PairingDesk(PairingLinks links, RunStore runs, LiveQr qr, TimeProvider time)
{
    /// <summary>A page that is open when the phone is paired learns it within this time; later the link is as unknown as any.</summary>
    public static readonly TimeSpan Farewell = TimeSpan.FromMinutes(2);

    /// <summary>The tenant's slug; null when the link is unknown, over or used.</summary>
    public async Task<string?> TenantAsync(string token, CancellationToken cancellation) =>
        await links.FindAsync(token, cancellation) is { UsedAt: null } link ? (await runs.FindAsync(link.RunId, cancellation))?.Target.Tenant : null;

    /// <summary>What the page shows; null when the link is unknown or over.</summary>
    public async Task<PairingView?> ViewAsync(string token, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        if (await links.FindAsync(token, cancellation) is not { } link) return null;
        var left = Seconds(link.ExpiresAt - now);
        if (link.UsedAt is { } used) return now - used < Farewell ? new(link.IsPaired ? "connected" : "over", null, null, null, left) : null;
        var run = await runs.FindAsync(link.RunId, cancellation);
        var code = run is not null && run.CurrentStep == link.Step ? await CodeAsync(run, cancellation) : null;
        if (code is { Shown.State: Gateways.InstanceState.Open }) return new("connected", null, null, null, left);
        return code?.Shown is { Qr: { } text } shown
            ? new("scan", "data:image/png;base64," + Convert.ToBase64String(Png(text)), shown.Code, Seconds(code.Since + LiveCode.Life - now), left)
            : new("preparing", null, null, null, left);
    }

    /// <summary>A QR code as PNG.</summary>
    public static byte[] Png(string text) => PngByteQRCodeHelper.GetQRCode(text, QRCodeGenerator.ECCLevel.L, 8);

    // What is wrong on our side (a gateway that left the fleet, a missing key) is not for the tenant to read.
    private async Task<LiveCode?> CodeAsync(Run run, CancellationToken cancellation)
    {
        try
        {
            return await qr.CodeAsync(run, cancellation);
        }
        catch (Exception problem) when (problem is ProblemException or MissingSecretException)
        {
            return null;
        }
    }

    private static int Seconds(TimeSpan time) => Math.Max(0, (int)time.TotalSeconds);
}
