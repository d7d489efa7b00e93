using System.Collections.Concurrent;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>
/// The codes that gateways show now, shared by everybody who looks at one run: however many pages poll, and with the run's own looks, a gateway is
/// asked once in <see cref="Pause"/>. In this process's memory only, and no longer than that.
/// </summary>
public sealed class PairingCodes(RunbookPatience patience, TimeProvider time)
{
    /// <summary>Short enough that a code of 45 s is renewed in time, long enough that no crowd of pages burdens a gateway.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private const int Many = 200;
    private readonly ConcurrentDictionary<(Guid Run, string Gateway, string Instance), Entry> _entries = new();

    /// <summary>The code shown now; null while the gateway has none or cannot be asked.</summary>
    public async Task<LiveCode?> ShareAsync(Guid run, string gateway, string instance, Func<CancellationToken, Task<Observation<PairingCode>>> ask, CancellationToken cancellation)
    {
        if (_entries.Count > Many) Forget();
        var entry = _entries.GetOrAdd((run, gateway, instance), _ => new());
        await entry.Turn.WaitAsync(cancellation);
        try
        {
            var now = time.GetUtcNow();
            if (entry.AskedAt is { } asked && now - asked < patience.Scaled(Pause)) return entry.Code;
            entry.AskedAt = now;
            var before = entry.Code;
            entry.Code = null;
            if (await ask(cancellation) is { IsSeen: true, Value: { } shown })
                entry.Code = before is not null && before.Shown.Qr == shown.Qr ? before with { Shown = shown } : new(shown, time.GetUtcNow());
            return entry.Code;
        }
        finally
        {
            entry.Turn.Release();
        }
    }

    private void Forget()
    {
        var old = time.GetUtcNow() - Pause;
        foreach (var (key, entry) in _entries)
            if (entry.AskedAt < old) _entries.TryRemove(key, out _);
    }

    private sealed class Entry
    {
        public SemaphoreSlim Turn { get; } = new(1);

        public DateTimeOffset? AskedAt { get; set; }

        public LiveCode? Code { get; set; }
    }
}
