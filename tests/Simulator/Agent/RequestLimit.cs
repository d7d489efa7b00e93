namespace WhatsOps.Simulator.Agent;

/// <summary>The app's own limit per address: 100 requests in a minute, then nothing for five minutes.</summary>
internal sealed class RequestLimit(TimeProvider time)
{
    private const int PerMinute = 100;
    private static readonly TimeSpan Blocked = TimeSpan.FromMinutes(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Began, int Count, DateTimeOffset? BlockedUntil)> _callers = [];

    /// <summary>Seconds until the caller may come again; null: it may now.</summary>
    public int? RefusedFor(string caller)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var (began, count, until) = _callers.GetValueOrDefault(caller, (now, 0, null));
            if (until is { } blocked && now < blocked) return (int)Math.Ceiling((blocked - now).TotalSeconds);
            if (until is not null || now - began >= TimeSpan.FromMinutes(1)) (began, count) = (now, 0);
            DateTimeOffset? next = count >= PerMinute ? now + Blocked : null;
            _callers[caller] = (began, count + 1, next);
            return next is null ? null : (int)Blocked.TotalSeconds;
        }
    }
}
