using System.Diagnostics.Metrics;

namespace WhatsOps.Events;

/// <summary>Counts attempts and measures how late events reach the product; part of meter <c>WhatsOps.Events</c>.</summary>
public sealed class DeliveryMeter : IDisposable
{
    private readonly Meter _meter = new("WhatsOps.Events");
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _dead;
    private readonly Histogram<double> _lag;

    public DeliveryMeter()
    {
        _attempts = _meter.CreateCounter<long>("whatsops.deliveries.attempts", description: "Attempts by system and outcome");
        _dead = _meter.CreateCounter<long>("whatsops.deliveries.dead", description: "Events given up");
        _lag = _meter.CreateHistogram<double>("whatsops.deliveries.lag", "s", "From arrival, or replay, to the product's 2xx");
    }

    internal void Attempted(string system, OwedEvent owed, DeliveryAnswer answer, DeliveryStanding after, DateTimeOffset now)
    {
        var tag = KeyValuePair.Create<string, object?>("system", system);
        _attempts.Add(1, tag, new("outcome", answer.Verdict.ToString().ToLowerInvariant()));
        if (after.State == DeliveryStanding.Dead) _dead.Add(1, tag);
        if (after.State == DeliveryStanding.Delivered) _lag.Record((now - owed.OwedSince).TotalSeconds, tag);
    }

    public void Dispose() => _meter.Dispose();
}
