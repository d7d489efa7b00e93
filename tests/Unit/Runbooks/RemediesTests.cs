using WhatsOps.Fleet;
using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Runbooks;

public sealed class RemediesTests
{
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution" };

    [Fact]
    public void Nothing_is_touched_until_someone_says_so() => Assert.Equal(Policy.Observe, Remedies.PolicyFor(System, "instance_missing"));

    [Fact]
    public void A_kind_s_own_policy_beats_the_star()
    {
        var system = System with { Policies = new Dictionary<string, Policy> { ["*"] = Policy.Auto, ["instance_missing"] = Policy.Approve } };
        Assert.Equal(Policy.Approve, Remedies.PolicyFor(system, "instance_missing"));
        Assert.Equal(Policy.Auto, Remedies.PolicyFor(system, "instance_not_open"));
    }

    // São Paulo is at UTC-3: 02:30 UTC on Saturday is 23:30 on Friday there.
    [Theory]
    [InlineData("2026-01-03T02:30:00Z", true)]
    [InlineData("2026-01-03T04:59:00Z", true)]
    [InlineData("2026-01-03T05:00:00Z", false)]
    [InlineData("2026-01-04T02:30:00Z", false)]
    public void A_window_over_midnight_belongs_to_the_day_it_starts_on_in_the_system_s_own_zone(string utc, bool inside)
    {
        var system = System with { MaintenanceWindows = [new() { Days = [DayOfWeek.Friday], From = new(23, 0), To = new(2, 0) }] };
        Assert.Equal(inside, Remedies.InMaintenance(system, DateTimeOffset.Parse(utc, global::System.Globalization.CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void Without_windows_there_is_no_maintenance() => Assert.False(Remedies.InMaintenance(System, DateTimeOffset.UnixEpoch));
}
