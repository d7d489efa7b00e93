using CsCheck;
using WhatsOps.Reports;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Reports;

/// <summary>Uptime is what sightings tell, no more: time that nobody saw is neither up nor down.</summary>
public sealed class UptimeTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = ReportWorld.Now.AddHours(-12);
    private ReportWorld world = null!;

    public async ValueTask InitializeAsync() => world = await ReportWorld.CreateAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-103")]
    public async Task Uptime_is_the_time_between_changes_of_state()
    {
        await world.WatchedAsync(Start, Start.AddHours(9), "a", "open");
        await world.WatchedAsync(Start.AddHours(9), ReportWorld.Now, "a", "close");
        var uptime = await UptimeAsync("a");
        Assert.Equal((9 * 3600, 3 * 3600), (uptime.UpSeconds, uptime.DownSeconds));
        Assert.Equal((75m, 100m), (uptime.Percent, uptime.CoveragePercent));
    }

    [Theory]
    [InlineData(15, 100)]
    [InlineData(16, 97.78)]
    public async Task A_pause_of_more_than_15_minutes_between_sightings_is_unseen(int minutes, decimal coverage)
    {
        await world.WatchedAsync(Start, Start.AddHours(6), "a", "open");
        await world.WatchedAsync(Start.AddHours(6).AddMinutes(minutes), ReportWorld.Now, "a", "open");
        var uptime = await UptimeAsync("a");
        Assert.Equal((100m, coverage), (uptime.Percent, uptime.CoveragePercent));
    }

    [Fact]
    public async Task After_the_last_sighting_and_before_the_first_nothing_is_known()
    {
        await world.WatchedAsync(Start.AddHours(3), Start.AddHours(6), "a", "open");
        var uptime = await UptimeAsync("a");
        Assert.Equal((100m, 25m), (uptime.Percent, uptime.CoveragePercent));
    }

    [Fact]
    public async Task A_state_from_before_the_window_counts_from_its_start()
    {
        await world.WatchedAsync(Start.AddHours(-2), ReportWorld.Now, "a", "open");
        Assert.Equal((100m, 100m), ((await UptimeAsync("a")).Percent, (await UptimeAsync("a")).CoveragePercent));
    }

    [Fact]
    public async Task Any_sequence_of_sightings_gives_what_a_walk_through_it_gives()
    {
        var run = 0;
        var sighting = Gen.Select(Gen.Int[1, 40], Gen.OneOf("open", "connecting", "close", "refused", "not_loaded", "unknown"));
        await Gen.Select(Gen.Int[-60, 60], sighting.List[1, 25]).SampleAsync(async (first, sightings) =>
        {
            var tenant = $"t{Interlocked.Increment(ref run)}";
            double up = 0, down = 0;
            (double At, string State)? last = null;
            double at = first;
            foreach (var (step, state) in sightings)
            {
                await world.SeenAsync(Start.AddMinutes(at), tenant, state);
                if (last is { } before) Add(before, at, at - before.At <= 15);
                last = (at, state);
                at += step;
            }

            // Beyond the last sighting a state is believed for 15 minutes only if those reach the window's end.
            Add(last!.Value, 720, 720 - last.Value.At <= 15);
            var window = new ReportWindow(Start, ReportWorld.Now);
            var seen = (await new InstanceReader(world.Database.DataSource).UptimeAsync(ReportWorld.System, window, default)).GetValueOrDefault(tenant, new Uptime(0, 0, 0));
            Assert.Equal(((decimal)(up * 60), (decimal)(down * 60)), (seen.UpSeconds, seen.DownSeconds));

            void Add((double At, string State) from, double to, bool isSeen)
            {
                var minutes = Math.Min(to, 720) - Math.Max(from.At, 0);
                if (!isSeen || minutes <= 0) return;
                if (from.State == "open") up += minutes;
                else if (from.State != "unknown") down += minutes;
            }
        }, iter: 25, threads: 1);
    }

    private async Task<Uptime> UptimeAsync(string tenant) =>
        (await new InstanceReader(world.Database.DataSource).UptimeAsync(ReportWorld.System, new(Start, ReportWorld.Now), default))[tenant];
}
