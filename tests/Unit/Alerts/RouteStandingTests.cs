using WhatsOps.Alerts;

namespace WhatsOps.Tests.Unit.Alerts;

public sealed class RouteStandingTests
{
    private static readonly DateTimeOffset Now = new(2030, 1, 1, 3, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(4, 0, false)]
    [InlineData(5, 0, true)]
    [InlineData(1, 599, false)]
    [InlineData(1, 600, true)]
    public void A_route_is_dead_after_five_failures_or_ten_minutes(int failures, int seconds, bool dead) =>
        Assert.Equal(dead, new RouteStanding("night", failures, Now.AddSeconds(-seconds), 0, "HTTP 500", null, 1).IsDead(Now));

    [Fact]
    public void A_route_that_delivers_is_not_dead() => Assert.False(new RouteStanding("night", 0, null, 0, null, Now.AddHours(-1), 0).IsDead(Now));
}
