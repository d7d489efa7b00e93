using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Findings;

/// <summary>The life of one fingerprint as a few lines of plain code: what the store must agree with.</summary>
internal sealed class FindingModel
{
    public FindingState State { get; private set; } = FindingState.Closed;

    public Severity Severity { get; private set; }

    /// <summary>How many findings there have been.</summary>
    public int Generations { get; private set; }

    private int good;
    private DateTimeOffset lastSeen = DateTimeOffset.MinValue;
    private DateTimeOffset lastGood = DateTimeOffset.MinValue;
    private DateTimeOffset closedAt = DateTimeOffset.MinValue;
    private DateTimeOffset silencedUntil;
    private Severity? accepted;

    public void Pass(DateTimeOffset observed, DateTimeOffset now, Severity? seen, bool complete, int goodToClose)
    {
        Expire(now);
        if (State == FindingState.Closed)
        {
            if (seen is null || observed <= closedAt) return;
            // The steps are minutes long: an acceptance never runs out here.
            if (seen > accepted) accepted = null;
            (State, Severity, lastSeen, lastGood, good) = (accepted is null ? FindingState.Open : FindingState.Accepted, seen.Value, observed, DateTimeOffset.MinValue, 0);
            Generations++;
            return;
        }

        if (seen is not null && observed >= lastSeen && observed >= lastGood) (Severity, lastSeen, good) = (seen.Value, observed, 0);
        if (!complete || observed <= lastSeen || observed <= lastGood) return;
        lastGood = observed;
        if (++good >= goodToClose) (State, closedAt) = (FindingState.Closed, observed);
    }

    public void Decide(FindingState state, DateTimeOffset now, DateTimeOffset until = default)
    {
        if (State == FindingState.Closed) return;
        State = state;
        accepted = state == FindingState.Accepted ? Severity : null;
        if (state == FindingState.Closed) closedAt = now;
        if (state == FindingState.Silenced) silencedUntil = until;
    }

    public void Expire(DateTimeOffset now)
    {
        if (State == FindingState.Silenced && silencedUntil <= now) State = FindingState.Open;
    }
}
