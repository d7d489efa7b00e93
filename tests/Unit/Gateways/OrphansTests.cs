using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Unit.Gateways;

public sealed class OrphansTests
{
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-" };

    [Fact, Capability("R-089")]
    public void An_orphan_has_the_prefix_and_no_tenant_of_exactly_that_name()
    {
        var orphans = Orphans.Of(System, ["revalya-acme", "revalya-acme2", "other-acme3", "acme", "revalya-beta"], [Tenant("acme"), Tenant("beta", active: false)]);
        Assert.Equal(["revalya-acme2"], orphans.Names);
        Assert.Null(orphans.Doubt);
    }

    [Fact]
    public void An_instance_that_a_row_names_has_an_owner() =>
        Assert.Empty(Orphans.Of(System, ["revalya-acme-old", "revalya-acme"], [Tenant("acme", instance: "revalya-acme-old")]).Names);

    [Fact]
    public void No_tenants_make_no_orphans_but_a_doubt()
    {
        var orphans = Orphans.Of(System, ["revalya-acme"], []);
        Assert.Empty(orphans.Names);
        Assert.Contains("no tenant at all", orphans.Doubt, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Half_of_the_instances_may_be_orphans_but_not_more(int orphans, bool believed)
    {
        var names = new[] { "revalya-a", "revalya-b" }.Concat(Enumerable.Range(0, orphans).Select(i => $"revalya-x{i}")).Append("other-1");
        var judged = Orphans.Of(System, names, [Tenant("a"), Tenant("b")]);
        Assert.Equal((believed ? orphans : 0, believed), (judged.Names.Count, judged.Doubt is null));
    }

    [Fact]
    public void Without_a_prefix_nothing_is_anybody_s_orphan() =>
        Assert.NotNull(Orphans.Of(System with { InstancePrefix = "" }, ["acme2", "acme"], [Tenant("acme")]).Doubt);

    [Fact]
    public void The_longer_prefix_of_another_system_is_its_own() => Assert.Equal(
        ["revalya-x"],
        Orphans.Of(System, ["revalya-br-shop", "revalya-x", "revalya-acme"], [Tenant("acme")], [System, System with { Name = "br", InstancePrefix = "revalya-br-" }]).Names);

    private static Tenant Tenant(string slug, bool active = true, string? instance = null) =>
        new("revalya", slug, active, new TenantIntegration(instance, active, null, null, null, null));
}
