namespace WhatsOps.Embedded.Durable;

/// <summary>All waiting moments of an owner behind one system timer.</summary>
internal sealed class DurableTimers : IDisposable
{
    // A system timer takes at most 49 days; looking once a day is as good.
    private static readonly TimeSpan LongestSleep = TimeSpan.FromDays(1);

    private readonly Lock gate = new();
    private readonly PriorityQueue<Entry, DateTime> entries = new();
    private readonly TimeProvider time;
    private readonly ITimer timer;
    private bool stopped;

    public DurableTimers(TimeProvider time)
    {
        this.time = time;
        timer = time.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public IDisposable Schedule(DateTime at, Action fire)
    {
        var entry = new Entry(fire);
        lock (gate)
        {
            entries.Enqueue(entry, at);
            if (entries.Peek() == entry) Arm(at);
        }

        return entry;
    }

    public void Dispose()
    {
        lock (gate) stopped = true;
        timer.Dispose();
    }

    private void Fire()
    {
        var due = new List<Entry>();
        lock (gate)
        {
            var now = time.GetUtcNow().UtcDateTime;
            while (entries.TryPeek(out var first, out var at))
            {
                if (at > now && !first.Cancelled)
                {
                    Arm(at);
                    break;
                }

                entries.Dequeue();
                if (!first.Cancelled) due.Add(first);
            }
        }

        foreach (var entry in due) entry.Fire();
    }

    private void Arm(DateTime at)
    {
        if (stopped) return;
        var wait = at - time.GetUtcNow().UtcDateTime;
        timer.Change(wait <= TimeSpan.Zero ? TimeSpan.Zero : wait < LongestSleep ? wait + TimeSpan.FromMilliseconds(1) : LongestSleep,
            Timeout.InfiniteTimeSpan);
    }

    private sealed class Entry(Action fire) : IDisposable
    {
        public bool Cancelled { get; private set; }

        public void Fire() => fire();

        public void Dispose() => Cancelled = true;
    }
}
