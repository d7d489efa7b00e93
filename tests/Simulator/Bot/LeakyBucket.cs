namespace WhatsOps.Simulator.Bot;

/// <summary>nginx' limit_req with burst and nodelay, of one address.</summary>
internal sealed class LeakyBucket(double perSecond, int burst, TimeProvider time)
{
    private readonly Lock _gate = new();
    private double _excess = -1;
    private DateTimeOffset _last = time.GetUtcNow();

    /// <summary>False: one too many.</summary>
    public bool Takes()
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            var excess = Math.Max(0, _excess - ((now - _last).TotalSeconds * perSecond) + 1);
            if (excess > burst) return false;
            (_excess, _last) = (excess, now);
            return true;
        }
    }
}
