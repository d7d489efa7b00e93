using WhatsOps.Audits;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class TenantStatusRulesTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 11, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(true, 24, "Active")]
    [InlineData(true, 24.01, "Stale")]
    [InlineData(false, 24, "Inactive")]
    [InlineData(false, 24.01, "Stale")]
    [InlineData(true, 0, "Active")]
    public void Stale_begins_after_the_24th_hour_and_wins_over_active(bool active, double hours, string expected) =>
        Assert.Equal(expected, TenantStatusRules.Of(Row(active, Now.AddHours(-hours)), new(), Now).ToString());

    [Fact]
    public void The_number_of_hours_is_the_fleet_file_s() =>
        Assert.Equal(IntegrationAge.Stale, TenantStatusRules.Of(Row(true, Now.AddHours(-2.01)), new() { StaleHours = 2 }, Now));

    [Fact]
    public void A_row_without_a_time_is_never_called_stale_and_no_row_is_none()
    {
        Assert.Equal(IntegrationAge.Active, TenantStatusRules.Of(Row(true, null), new(), Now));
        Assert.Equal(IntegrationAge.None, TenantStatusRules.Of(null, new(), Now));
    }

    private static TenantIntegration Row(bool active, DateTimeOffset? updated) => new("revalya-acme", active, null, null, null, updated);
}
