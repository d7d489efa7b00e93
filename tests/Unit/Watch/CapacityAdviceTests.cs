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

    [Fact]
    public void What_is_not_known_does_not_fit_and_says_what_to_do()
    {
        var unknown = CapacityAdvice.Of(40, null, 4);
        Assert.False(unknown.Fits);
        Assert.Equal("40 instances want 4 cores and 4 GB; what there is is not known. Watch the container of the product.", unknown.Words);
        Assert.Equal(
            "120 instances want 16 cores and 16 GB or more; there are 8 and 16. Give the one process more: a second replica would fight it for the same sessions.",
            CapacityAdvice.Of(120, 8, 16).Words);
    }
}
