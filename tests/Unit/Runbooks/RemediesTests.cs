using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Capabilities;

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

    [Theory, Capability("R-064")]
    [InlineData(1, 5)]
    [InlineData(2, 10)]
    [InlineData(7, 320)]
    [InlineData(8, 360)]
    [InlineData(1000, 360)]
    public void What_repeats_by_itself_waits_twice_as_long_each_time_up_to_six_hours(int attempts, int minutes) =>
        Assert.Equal(TimeSpan.FromMinutes(minutes), Remedies.Cooldown(unasked: true, new(attempts, DateTimeOffset.UnixEpoch, false), new()));

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public void What_a_person_decides_about_and_whatever_follows_a_destructive_run_waits_six_hours(bool unasked, bool afterDestructive) =>
        Assert.Equal(TimeSpan.FromHours(6), Remedies.Cooldown(unasked, new(1, DateTimeOffset.UnixEpoch, afterDestructive), new()));
}
