using WhatsOps.Fleet;

namespace WhatsOps.Tests.Unit.Fleet;

public sealed class FleetDiffTests
{
    [Fact]
    public void What_changed_is_told_by_name_and_without_values()
    {
        var before = FleetReader.Read(FleetFile.Good().ToJsonString()).Json!;
        var file = FleetFile.Good();
        FleetFile.Set(file, "systems[0].gateways[0].url", "\"http://moved.example.com\"");
        FleetFile.Set(file, "systems[0].actionsPerHour", "2");
        FleetFile.Set(file, "systems[0].gateways[1].name", "\"three\"");

        var summary = FleetDiff.Summary(before, file.ToJsonString());

        Assert.Contains("changed $.systems[revalya].gateways[one].url", summary, StringComparison.Ordinal);
        Assert.Contains("added $.systems[revalya].actionsPerHour", summary, StringComparison.Ordinal);
        Assert.Contains("removed $.systems[revalya].gateways[two].apiKey", summary, StringComparison.Ordinal);
        Assert.DoesNotContain("moved.example.com", summary, StringComparison.Ordinal);
        Assert.Equal("", FleetDiff.Summary(before, before));
    }
}
