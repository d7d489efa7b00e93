using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Runbooks;

/// <summary>How often one link may be asked in a minute, in this process. A page asks every 3 seconds; some people may look at once.</summary>
public sealed class PairingLimit(TimeProvider time)
{
    public const int PerMinute = 120;

    private const int Many = 10_000;
    private readonly ConcurrentDictionary<string, Window> _windows = new(StringComparer.Ordinal);

    /// <summary>False when this link has been asked too often; the next minute it may again.</summary>
    public bool Allows(string token)
    {
        var minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        if (_windows.Count > Many) _windows.Clear();
        // Digests: no token outlives its request in memory.
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
        var window = _windows.AddOrUpdate(key, _ => new(minute, 1), (_, before) => before.Minute == minute ? before with { Count = before.Count + 1 } : new(minute, 1));
        return window.Count <= PerMinute;
    }

    private sealed record Window(long Minute, int Count);
}
