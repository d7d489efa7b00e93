using System.Collections.Concurrent;

namespace WhatsOps.Events;

/// <summary>
/// Absorbs storms: with WhatsApp unreachable, Evolution sends about 35 <c>connecting</c> a second per instance. Once enough identical state
/// events of an instance are committed within a minute, more of them are only counted, until the state or the minute changes.
/// </summary>
public sealed class StormGuard(EventsOptions options)
{
    private const int MaxPlaces = 100_000;
    private readonly ConcurrentDictionary<StormPlace, Series> _series = new();
    private readonly ConcurrentQueue<StormCount> _finished = new();

    /// <summary>True when this event need not be stored; it is counted.</summary>
    internal bool Absorb(StormPlace place, DateTimeOffset at, DateTimeOffset? gatewayTime) =>
        _series.TryGetValue(place.Anywhere, out var series) && series.Absorb(place.State, at, gatewayTime, options.StormThreshold);

    /// <summary>Tells of a committed state event. Only these count towards a storm, or a failing database would turn into lost events.</summary>
    internal void Stored(StormPlace place, DateTimeOffset at)
    {
        if (_series.Count >= MaxPlaces) Prune(at);
        if (_series.GetOrAdd(place.Anywhere, _ => new Series()).Stored(place, at) is { } finished) _finished.Enqueue(finished);
    }

    /// <summary>What was absorbed since the last call; of running storms too.</summary>
    internal IReadOnlyList<StormCount> Take(DateTimeOffset now)
    {
        var counts = new List<StormCount>();
        while (_finished.TryDequeue(out var finished)) counts.Add(finished);
        foreach (var (place, series) in _series)
            if (series.Take(place) is { } count) counts.Add(count);
        Prune(now);
        return counts;
    }

    /// <summary>Puts counts back that could not be written.</summary>
    internal void GiveBack(IEnumerable<StormCount> counts)
    {
        foreach (var count in counts) _finished.Enqueue(count);
    }

    private void Prune(DateTimeOffset now)
    {
        foreach (var (place, series) in _series)
            if (series.IsOver(now)) _series.TryRemove(place, out _);
    }

    private sealed class Series
    {
        private readonly Lock _turn = new();
        private string _state = "";
        private DateTimeOffset _minute;
        private int _stored;
        private long _absorbed;
        private DateTimeOffset _lastAt;
        private DateTimeOffset? _lastGatewayTime;

        public bool Absorb(string state, DateTimeOffset at, DateTimeOffset? gatewayTime, int threshold)
        {
            lock (_turn)
            {
                if (_stored < threshold || state != _state || Minute(at) != _minute) return false;
                // A delivery that was overtaken by a change of state must be judged by the database, not swallowed here.
                if (_lastGatewayTime is { } last && gatewayTime is { } time && time < last - TimeSpan.FromSeconds(60)) return false;
                _absorbed++;
                _lastAt = at;
                _lastGatewayTime = gatewayTime;
                return true;
            }
        }

        public StormCount? Stored(StormPlace place, DateTimeOffset at)
        {
            lock (_turn)
            {
                if (place.State == _state && Minute(at) == _minute)
                {
                    _stored++;
                    return null;
                }

                var finished = Drain(place);
                (_state, _minute, _stored, _lastGatewayTime) = (place.State, Minute(at), 1, null);
                return finished;
            }
        }

        public StormCount? Take(StormPlace place)
        {
            lock (_turn) return Drain(place);
        }

        public bool IsOver(DateTimeOffset now)
        {
            lock (_turn) return _absorbed == 0 && Minute(now) > _minute;
        }

        private StormCount? Drain(StormPlace place)
        {
            if (_absorbed == 0) return null;
            var count = new StormCount(place with { State = _state }, _minute, _absorbed, _lastAt, _lastGatewayTime);
            _absorbed = 0;
            return count;
        }

        private static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
    }
}
