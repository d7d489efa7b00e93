using System.Collections.Concurrent;

namespace WhatsOps.Events;

/// <summary>
/// Decides which message events also renew the instance's "last event": one in five seconds per instance is enough, and spares the
/// instance's row an update per message.
/// </summary>
public sealed class SignsOfLife
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<(string System, string Instance), long> _renewed = new();

    internal bool IsDue(string system, string instance, DateTimeOffset at)
    {
        var last = _renewed.GetOrAdd((system, instance), 0);
        return at.UtcTicks - last >= Interval.Ticks && _renewed.TryUpdate((system, instance), at.UtcTicks, last);
    }
}
