using System.Text;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Unit.Watch;

/// <summary>Shapes of <c>/system/df</c> that the engine of the tests has not: Docker before and since version 1.52 of its API; and node_exporter's page.</summary>
public sealed class EngineUsageTests
{
    private const string Anonymous = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("""{"LayersSize":1000,"Images":[{"Size":700},{"Size":900}],"Containers":[{"SizeRw":5},{"SizeRw":6}],"Volumes":[{"Name":"data","UsageData":{"Size":40,"RefCount":1}},{"Name":"old","UsageData":{"Size":2,"RefCount":0}}],"BuildCache":[{"Size":3},{"Size":4}]}""")]
    [InlineData("""{"ImageUsage":{"TotalSize":1000},"ContainerUsage":{"TotalSize":11},"BuildCacheUsage":{"TotalSize":7},"VolumeUsage":{"TotalSize":42,"Items":[{"Name":"data","UsageData":{"Size":40,"RefCount":1}},{"Name":"old","UsageData":{"Size":2,"RefCount":0}}]}}""")]
    public void Both_shapes_say_the_same(string usage)
    {
        var (measures, troubles) = Read(usage, "data");
        Assert.Empty(troubles);
        Assert.Equal(
            ["engine.build_cache.bytes 7", "engine.containers.bytes 11", "engine.images.bytes 1000", "engine.volume.bytes data 40", "engine.volume.bytes old 2", "engine.volumes.bytes 42", "engine.volumes.unused.bytes 2"],
            measures.Select(measure => $"{measure.Metric} {measure.Subject} {measure.Value}".Replace("  ", " ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Empty_lists_are_zero_and_missing_ones_are_not_measured()
    {
        var (measures, troubles) = Read("""{"Images":null,"Containers":[],"Volumes":null,"BuildCache":null}""");
        Assert.Empty(troubles);
        Assert.All(measures, measure => Assert.Equal(0, measure.Value));
        (measures, troubles) = Read("{}");
        Assert.Empty(measures);
        Assert.Equal(["build_cache", "containers", "images", "volumes"], troubles.Select(trouble => trouble.Subject).Order());
        Assert.All(troubles, trouble => Assert.Equal(TroubleKinds.NotObservable, trouble.Kind));
    }

    [Fact]
    public void A_volume_that_is_missing_or_not_measured_is_told_and_those_without_a_name_are_one_series()
    {
        var (measures, troubles) = Read($$$"""{"Images":[],"Containers":[],"BuildCache":[],"Volumes":[{"Name":"nfs","UsageData":{"Size":-1,"RefCount":1}},{"Name":"{{{Anonymous}}}","UsageData":{"Size":5,"RefCount":1}},{"Name":"{{{Anonymous.Replace('0', '1')}}}","UsageData":{"Size":6,"RefCount":1}}]}""", "nfs", "lost");
        Assert.Equal(["target_absent lost", "target_not_observable nfs"], troubles.Select(trouble => $"{trouble.Kind} {trouble.Subject}").Order(StringComparer.Ordinal));
        Assert.Equal([new("engine.volume.bytes", 11, "anonymous")], measures.Where(measure => measure.Metric == "engine.volume.bytes"));
    }

    [Fact]
    public void The_page_of_node_exporter_says_how_full_disks_are_and_knows_what_is_none()
    {
        var reading = NodeExporter.Read(Encoding.UTF8.GetBytes(
            """
            # TYPE node_filesystem_avail_bytes gauge
            node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 9e+09
            node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 1e+11
            node_filesystem_avail_bytes{device="tmpfs",fstype="tmpfs",mountpoint="/run"} 0
            node_filesystem_size_bytes{device="tmpfs",fstype="tmpfs",mountpoint="/run"} 1000
            node_filesystem_size_bytes{device="/dev/sdb1",fstype="xfs",mountpoint="/half-told"} 1000
            node_memory_MemTotal_bytes 8e+09
            node_memory_MemAvailable_bytes 2e+09
            """));
        Assert.Empty(reading.Troubles);
        Assert.Equal([new("host.memory.total.bytes", 8e9), new("host.memory.available.bytes", 2e9), new("host.disk.used.percent", 91, "/"), new("host.disk.available.bytes", 9e9, "/")], reading.Measures);
        Assert.Equal(TroubleKinds.NotObservable, NodeExporter.Read("http_requests_total 1\n"u8.ToArray()).Troubles.Single().Kind);
        Assert.Equal(WhatsOps.Gateways.Outcome.Unreachable, NodeExporter.Read("<html>"u8.ToArray()).Outcome);
    }

    private static (List<Measure> Measures, List<Trouble> Troubles) Read(string usage, params string[] volumes)
    {
        using var json = JsonDocument.Parse(usage);
        return EngineUsage.Read(new EngineTarget { Name = "docker", Volumes = volumes }, json.RootElement);
    }
}
