using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class MaintenanceWindowsTests
{
    private static readonly FleetSystem System = new() { Name = "revalya", Kind = "evolution" };

    // Window: Saturday 23:00 to 02:00, São Paulo (UTC-3). 2030-01-05 is a Saturday.
    [Theory]
    [InlineData("2030-01-06T01:59Z", false)] // Saturday 22:59
    [InlineData("2030-01-06T02:00Z", true)] // Saturday 23:00
    [InlineData("2030-01-06T04:59Z", true)] // Sunday 01:59
    [InlineData("2030-01-06T05:00Z", false)] // Sunday 02:00
    [InlineData("2030-01-07T02:30Z", false)] // Sunday 23:30
    [InlineData("2030-01-05T03:30Z", false)] // Saturday 00:30 belongs to Friday
    public void A_window_over_midnight_belongs_to_the_day_it_starts_on(string utc, bool inside)
    {
        var system = System with { MaintenanceWindows = [new() { Days = [DayOfWeek.Saturday], From = new(23, 0), To = new(2, 0) }] };
        Assert.Equal(inside, MaintenanceWindows.Contain(system, null, DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
    }

    // The same window: it ends on Sunday at 02:00, which is 05:00 UTC.
    [Theory]
    [InlineData("2030-01-06T01:59Z", "2029-12-30T05:00Z")]
    [InlineData("2030-01-06T02:00Z", "2030-01-06T05:00Z")]
    [InlineData("2030-01-06T08:00Z", "2030-01-06T05:00Z")]
    [InlineData("2030-01-12T23:00Z", "2030-01-06T05:00Z")]
    public void The_last_window_is_the_one_that_began_last(string utc, string end)
    {
        var system = System with { MaintenanceWindows = [new() { Days = [DayOfWeek.Saturday], From = new(23, 0), To = new(2, 0) }, new() { From = new(3, 0), To = new(3, 0) }, new() { From = new(4, 0), To = new(5, 0), Tenants = ["acme"] }] };
        Assert.Equal(DateTimeOffset.Parse(end, CultureInfo.InvariantCulture), MaintenanceWindows.LastEnd(system, DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
        Assert.Null(MaintenanceWindows.LastEnd(System, DateTimeOffset.Parse(utc, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public void No_days_means_every_day()
    {
        var system = System with { TimeZone = "UTC", MaintenanceWindows = [new() { From = new(3, 0), To = new(4, 0) }] };
        Assert.True(MaintenanceWindows.Contain(system, null, new(2030, 1, 1, 3, 30, 0, TimeSpan.Zero)));
        Assert.False(MaintenanceWindows.Contain(system, null, new(2030, 1, 1, 4, 0, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("Acme", false)]
    [InlineData("acme2", false)]
    [InlineData(null, false)]
    public void A_window_of_tenants_is_theirs_alone(string? tenant, bool inside)
    {
        var system = System with { TimeZone = "UTC", MaintenanceWindows = [new() { From = new(3, 0), To = new(4, 0), Tenants = ["acme", "beta"] }] };
        Assert.Equal(inside, MaintenanceWindows.Contain(system, tenant, new(2030, 1, 1, 3, 30, 0, TimeSpan.Zero)));
    }

    [Theory]
    [InlineData("acme")]
    [InlineData(null)]
    public void A_window_of_the_system_is_everybodys(string? tenant)
    {
        var system = System with { TimeZone = "UTC", MaintenanceWindows = [new() { From = new(3, 0), To = new(4, 0) }] };
        Assert.True(MaintenanceWindows.Contain(system, tenant, new(2030, 1, 1, 3, 30, 0, TimeSpan.Zero)));
    }

    [Fact]
    public void Without_windows_there_is_no_maintenance() => Assert.False(MaintenanceWindows.Contain(System, "acme", DateTimeOffset.UnixEpoch));
}
