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
}
