using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

public sealed class CapacityAdviceTests
{
    [Theory]
    [Capability("R-305")]
    [InlineData(1, 2)]
    [InlineData(10, 2)]
    [InlineData(11, 4)]
    [InlineData(50, 4)]
    [InlineData(51, 8)]
    [InlineData(100, 8)]
    [InlineData(101, 16)]
    [InlineData(5000, 16)]
    public void The_manuals_table_is_held_at_both_sides_of_its_numbers(int instances, int size)
    {
        var fits = CapacityAdvice.Of(instances, size, size);
        Assert.Equal((size, size, true), (fits.NeededCores, fits.NeededGigabytes, fits.Fits));
        Assert.False(CapacityAdvice.Of(instances, size / 2, size).Fits);
        Assert.False(CapacityAdvice.Of(instances, size, size / 2).Fits);
    }

    [Fact]
    public void A_machine_gives_a_little_less_memory_than_it_is_sold_with() => Assert.True(CapacityAdvice.Of(40, 4, 3.8).Fits);

    [Theory]
    [InlineData("gw1=api db=postgres cache=redis", "gw1")]
    [InlineData("turbozap=api db=turbozap-postgres", "turbozap")]
    [InlineData("gw1=api gw2=api2 turbozap-db=x", "gw1 gw2")]
    [InlineData("main=stack-TurboZap-1 db=postgres", "main")]
    [InlineData("anything=box", "anything")]
    // Alike is not enough where several are: a database may be larger than the product, and is no gateway.
    [InlineData("api=turbozap-api db=turbozap-postgres", "")]
    [InlineData("api=a db=b", "")]
    [InlineData("", "")]
    public void The_products_containers_are_told_by_their_names_and_a_database_is_none(string watched, string expected)
    {
        var containers = watched.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(one => one.Split('=')).Select(pair => new ContainerTarget { Name = pair[0], Container = new() { Container = pair[1] } });
        FleetSystem system = new()
        {
            Name = "shop", Kind = "turbozap", Gateways = [new() { Name = "gw1", Url = "http://gw1" }, new() { Name = "gw2", Url = "http://gw2" }], Watch = new() { Containers = [.. containers] },
        };
        Assert.Equal(expected, string.Join(' ', CapacityReader.ProductContainers(system).Select(one => one.Name)));
    }

    [Fact]
    public void What_is_not_known_does_not_fit_and_says_what_to_do()
    {
        var unknown = CapacityAdvice.Of(40, null, 4);
        Assert.False(unknown.Fits);
        Assert.Equal("40 instances want 4 cores and 4 GB; what there is is not known. Watch the container of the product, and give its target the gateway's name.", unknown.Words);
        Assert.Equal(
            "120 instances want 16 cores and 16 GB or more; there are 8 and 16. Give the one process more: a second replica would fight it for the same sessions.",
            CapacityAdvice.Of(120, 8, 16).Words);
    }
}
