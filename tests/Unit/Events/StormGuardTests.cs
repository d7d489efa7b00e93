using CsCheck;
using WhatsOps.Events;

namespace WhatsOps.Tests.Unit.Events;

public sealed class StormGuardTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly StormPlace Connecting = new("shop", "a", "shop-a", "connection.update", "connecting", false);

    [Fact]
    public void Nothing_is_absorbed_that_was_not_stored_often_enough()
    {
        var guard = new StormGuard(new EventsOptions());
        for (var i = 0; i < 100; i++) Assert.False(guard.Absorb(Connecting, Start, null));
        for (var i = 0; i < 5; i++) guard.Stored(Connecting, Start);
        Assert.True(guard.Absorb(Connecting, Start, null));
    }

    [Fact]
    public void Every_event_of_any_traffic_is_either_stored_or_counted_and_a_change_of_state_is_always_stored() =>
        Gen.Select(Gen.OneOf("connecting", "open", "close"), Gen.OneOf("shop-a", "shop-b"), Gen.Int[0, 3]).Array[1, 400].Sample(traffic =>
        {
            var guard = new StormGuard(new EventsOptions());
            var last = new Dictionary<string, string>();
            var stored = 0L;
            var counted = 0L;
            var at = Start;
            foreach (var (state, instance, seconds) in traffic)
            {
                at = at.AddSeconds(seconds);
                var place = Connecting with { State = state, Instance = instance };
                if (guard.Absorb(place, at, null))
                {
                    if (last[instance] != state) return false;
                    continue;
                }

                guard.Stored(place, at);
                last[instance] = state;
                stored++;
                if (stored % 7 == 0) counted += guard.Take(at).Sum(count => count.Count);
            }

            counted += guard.Take(at).Sum(count => count.Count);
            return stored + counted == traffic.Length;
        });

    [Fact]
    public void A_new_minute_stores_again()
    {
        var guard = new StormGuard(new EventsOptions());
        for (var i = 0; i < 5; i++) guard.Stored(Connecting, Start);
        Assert.True(guard.Absorb(Connecting, Start.AddSeconds(59), null));
        Assert.False(guard.Absorb(Connecting, Start.AddSeconds(60), null));
    }

    [Fact]
    public void Counts_that_could_not_be_written_come_again()
    {
        var guard = new StormGuard(new EventsOptions());
        for (var i = 0; i < 5; i++) guard.Stored(Connecting, Start);
        guard.Absorb(Connecting, Start, null);
        guard.GiveBack(guard.Take(Start));
        Assert.Equal(1, guard.Take(Start).Sum(count => count.Count));
        Assert.Empty(guard.Take(Start));
    }
}
