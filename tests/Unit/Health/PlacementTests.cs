using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Health;

namespace WhatsOps.Tests.Unit.Health;

public sealed class PlacementTests
{
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution", InstancePrefix = "revalya-" };
    private static readonly SystemMemory Memory = new([Facts.Known(slug: "acme")], new Dictionary<string, int>(), new Dictionary<string, int>());

    [Theory]
    [InlineData(false, true)]
    [InlineData(true, false)]
    public void A_tenant_gone_from_its_gateway_is_lost_sight_of_only_while_another_gateway_is_in_the_dark(bool isOtherListed, bool expected)
    {
        var (own, other) = (View("g1", true), View("g2", isOtherListed));
        var placement = new Placement(System, [own, other]);
        Tenant[] unplaced = [Facts.Tenant("acme"), Facts.Tenant("new")];

        Assert.All(unplaced, tenant => Assert.Null(placement.Of(tenant)));
        Assert.Equal(expected, placement.HasLostSightOf(own, unplaced, Memory));
        Assert.False(placement.HasLostSightOf(other, unplaced, Memory));
        Assert.False(placement.HasLostSightOf(own, [], Memory));
    }

    private static GatewayView View(string name, bool isListed) => new(
        new() { Name = name, Url = $"http://{name}.example.com", ApiKey = "k" }, null, null,
        new Observation<IReadOnlyList<InstanceSnapshot>>(isListed ? Outcome.Seen : Outcome.Unreachable, isListed ? [] : null, null, Facts.Now, TimeSpan.Zero), 1, null);
}
