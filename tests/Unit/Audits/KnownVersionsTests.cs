using WhatsOps.Audits;
using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Audits;

public sealed class KnownVersionsTests
{
    [Theory]
    [InlineData("1.8.6", "v1 instance_name_in_query")]
    [InlineData("2.0.0", "no_webhook_retry instance_name_in_query no_metrics")]
    [InlineData("2.2.0", "no_webhook_retry instance_name_in_query no_metrics")]
    [InlineData("2.2.1", "instance_name_in_query fixed_webhook_retry no_metrics")]
    [InlineData("2.2.3", "instance_name_in_query fixed_webhook_retry no_metrics")]
    [InlineData("2.3.0", "instance_name_in_query no_metrics")]
    [InlineData("2.3.2", "instance_name_in_query no_metrics")]
    [InlineData("2.3.3", "instance_name_in_query")]
    [InlineData("2.3.7", "instance_name_in_query")]
    [InlineData("v2.3.7-rc.1", "instance_name_in_query")]
    [InlineData("2.3.8", "")]
    [InlineData("2.4", "")]
    [InlineData("3.0.0", "")]
    public void Each_version_is_known_for_what_it_does_on_both_sides_of_every_range(string version, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal), KnownVersions.Of(version)!.Select(known => known.Id).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("latest")]
    [InlineData("")]
    [InlineData("2.x")]
    public void What_is_no_version_is_not_called_good(string version) => Assert.Null(KnownVersions.Of(version));

    [Fact]
    public void The_list_is_in_order_and_the_worst_comes_first()
    {
        Assert.All(KnownVersions.All, known => Assert.True(known.From <= known.To && known.Severity > Severity.Info && known.What.Length > 0, known.Id));
        Assert.Equal(KnownVersions.All.Count, KnownVersions.All.Select(known => known.Id).Distinct().Count());
        Assert.Equal(Severity.High, KnownVersions.Of("2.2.1")![0].Severity);
        Assert.Equal(Severity.Low, KnownVersions.Of("2.2.1")![^1].Severity);
    }
}
