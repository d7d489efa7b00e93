using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Unit.Durable;

public sealed class DeterministicGuidTests
{
    [Fact]
    public void The_same_name_gives_the_same_guid_of_version_5()
    {
        var guid = DeterministicGuid.Create("instance_2026-01-01_0");

        Assert.Equal(guid, DeterministicGuid.Create("instance_2026-01-01_0"));
        Assert.NotEqual(guid, DeterministicGuid.Create("instance_2026-01-01_1"));
        Assert.Equal(5, guid.Version);
        Assert.InRange(guid.Variant, 8, 11);
    }
}
