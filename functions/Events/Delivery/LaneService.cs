using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>
/// Sends what one leased lane holds, one event after the other. Ends at the first that is not taken, when nothing more is due, when its turn
/// is over or when the lease is lost. Outcomes are written every quarter of a second: a crash repeats no more than what was sent since.
/// </summary>
internal sealed class LaneService(DeliveryLanes lanes, DeliveryLedger ledger, DeliveryAttempt attempt, DeliveryOptions options, TimeProvider time)
{
    private const int AtOnce = 10;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WriteAfter = TimeSpan.FromMilliseconds(250);

    public async Task ServeAsync(FleetSystem system, DeliveryLane lane, CancellationToken cancellation)
    {
        var turn = new LaneTurn(lane, time.GetUtcNow(), options.Lease);
        try
        {
            while (await lanes.DueAsync(lane, time.GetUtcNow(), AtOnce, cancellation) is { Count: > 0 } due)
            {
                var isGood = await SendAsync(system, turn, due, cancellation);
                // What comes for a lane that is given back raises the signal, so nobody asks in vain here.
                if (!isGood || due.Count < AtOnce || time.GetUtcNow() - turn.Begun >= Turn || !await WriteAsync(turn, cancellation)) break;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // Stopping: what was on its way is sent again by whoever comes next.
        }
        finally
        {
            // The lane goes back with what is known, also when the process stops.
            await ledger.SettleAsync(lane, turn.Outcomes, turn.IsWell, time.GetUtcNow(), leasedUntil: null, CancellationToken.None);
        }
    }

    /// <summary>False: the lane must rest.</summary>
    private async Task<bool> SendAsync(FleetSystem system, LaneTurn turn, IReadOnlyList<OwedEvent> due, CancellationToken cancellation)
    {
        foreach (var owed in due)
        {
            var now = time.GetUtcNow();
            // Enough of the lease for a whole attempt, so that no second sender begins meanwhile.
            var isShort = turn.LeasedUntil - now < TimeSpan.FromSeconds(options.TimeoutSeconds + 5);
            if ((isShort || now - turn.WrittenAt >= WriteAfter) && !await WriteAsync(turn, cancellation)) return false;
            var (after, isWell) = await attempt.MakeAsync(system, turn.Lane, owed, cancellation);
            turn.Outcomes.Add((owed.Id, after));
            turn.IsWell = isWell ?? turn.IsWell;
            // A probe is one event: others wait for a product that has come back.
            if (after.State == DeliveryStanding.Pending || turn.Lane.IsProbe) return false;
        }

        return true;
    }

    private async Task<bool> WriteAsync(LaneTurn turn, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var isHeld = await ledger.SettleAsync(turn.Lane, turn.Outcomes, turn.IsWell, now, now + options.Lease, cancellation);
        turn.Outcomes.Clear();
        (turn.WrittenAt, turn.LeasedUntil) = (now, now + options.Lease);
        return isHeld;
    }

    private sealed class LaneTurn(DeliveryLane lane, DateTimeOffset begun, TimeSpan lease)
    {
        public DeliveryLane Lane => lane;

        public DateTimeOffset Begun { get; } = begun;

        public DateTimeOffset WrittenAt { get; set; } = begun;

        public DateTimeOffset LeasedUntil { get; set; } = begun + lease;

        /// <summary>Not written yet.</summary>
        public List<(Guid Id, DeliveryStanding Standing)> Outcomes { get; } = [];

        /// <summary>What the last attempt said of the product; null before the first.</summary>
        public bool? IsWell { get; set; }
    }
}
