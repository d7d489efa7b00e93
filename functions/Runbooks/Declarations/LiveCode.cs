using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>A code that a gateway shows now. It pairs a phone: handed on to who may see it, and kept nowhere.</summary>
/// <param name="Since">When this code was first seen here; the gateway replaces it <see cref="Life"/> after it made it, which was a little earlier.</param>
public sealed record LiveCode(PairingCode Shown, DateTimeOffset Since)
{
    /// <summary>Evolution's qrTimeout.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(45);
}
