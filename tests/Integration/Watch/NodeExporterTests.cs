using System.Globalization;
using WhatsOps.Cli.Local;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>What a real node_exporter says of this machine, beside what the machine itself says.</summary>
public sealed class NodeExporterTests : IAsyncLifetime
{
    private LocalPrometheus node = null!;

    public async ValueTask InitializeAsync() => node = await TestServers.OwnNodeExporterAsync();

    public ValueTask DisposeAsync() => node.DisposeAsync();

    [Fact]
    [Capability("R-162"), Capability("R-183"), Capability("R-235")]
    public async Task Disk_and_memory_are_those_of_the_machine()
    {
        await using var world = await WatchWorld.StartAsync(new() { Http = [new() { Name = "node", Url = $"{node.Url}/metrics", Shape = HttpShape.NodeExporter }] });
        for (var minute = 0; minute < 7; minute++) await world.TickAsync();

        var series = await world.Get<WatchBoard>().SeriesAsync(WatchWorld.System, "http/node", CancellationToken.None);
        var disks = series.Where(one => one.Metric == "host.disk.used.percent").ToList();
        foreach (var disk in disks)
        {
            var itself = new DriveInfo(disk.Subject);
            Assert.Equal(100 * (1 - ((double)itself.AvailableFreeSpace / itself.TotalSize)), disk.Value, tolerance: 3);
        }

        // Where it runs on layers of another file system, as in a container, it has no disk: then that is told.
        IEnumerable<string> expected = disks.Count == 0
            ? ["target_not_observable http/node/disk"]
            : disks.Where(disk => disk.Value > 90).Select(disk => $"threshold_crossed system-disk/http/node/{disk.Subject}").Order(StringComparer.Ordinal);
        Assert.Equal(expected, await world.OpenAsync());
        Assert.Equal(MemoryKilobytes("MemTotal") * 1024, await world.ValueAsync("http/node", "host.memory.total.bytes"));
        var available = (await world.ValueAsync("http/node", "host.memory.available.bytes"))!.Value;
        Assert.InRange(available, 1, MemoryKilobytes("MemTotal") * 1024);
        Assert.Equal(MemoryKilobytes("MemAvailable") * 1024, available, tolerance: MemoryKilobytes("MemTotal") * 1024 * 0.25);
    }

    [Fact]
    [Capability("R-153"), Capability("R-353")]
    public async Task Load_and_the_exporters_own_memory_are_numbers_of_its_page_and_what_it_does_not_count_is_told()
    {
        await using var world = await WatchWorld.StartAsync(new()
        {
            Http = [new() { Name = "page", Url = $"{node.Url}/metrics", Shape = HttpShape.Prometheus, Metrics = ["node_load1", "process_resident_memory_bytes", "turbozap_instances_active"] }],
            Rules = [new() { Name = "half-a-megabyte", Metric = "prometheus.process_resident_memory_bytes", Above = 524_288, ForMinutes = 5, Severity = Severity.Low }],
        });
        for (var minute = 0; minute < 6; minute++) await world.TickAsync();

        // The built-in rule wants a gigabyte of it, which it has not.
        Assert.Equal(["target_not_observable http/page/turbozap_instances_active", "threshold_crossed half-a-megabyte/http/page"], await world.OpenAsync());
        // The load of a minute moves by a tenth of what it changes to within six seconds.
        var load = double.Parse((await File.ReadAllTextAsync("/proc/loadavg")).Split(' ')[0], CultureInfo.InvariantCulture);
        Assert.Equal(load, (await world.ValueAsync("http/page", "prometheus.node_load1"))!.Value, tolerance: 3 + (load / 2));
        var resident = Kilobytes($"/proc/{node.ProcessId}/status", "VmRSS") * 1024;
        Assert.InRange((await world.ValueAsync("http/page", "prometheus.process_resident_memory_bytes"))!.Value, resident / 2, resident * 2);
    }

    [Fact]
    [Capability("R-153"), Capability("R-183")]
    [Source("prometheus", SourceState.Present, "none")]
    public async Task A_Prometheus_that_scrapes_it_tells_the_same_disks_and_no_trouble()
    {
        await using var prometheus = await TestServers.OwnPrometheusAsync(
            $$"""
            global: { scrape_interval: 1s, scrape_timeout: 1s }
            scrape_configs:
            - job_name: node
              static_configs: [ { targets: [ "{{new Uri(node.Url).Authority}}" ] } ]
            """);
        await using var world = await WatchWorld.StartAsync(new()
        {
            Prometheus = [new() { Name = "main", Url = prometheus.Url, Jobs = ["node"], Disks = true }],
            Http = [new() { Name = "node", Url = $"{node.Url}/metrics", Shape = HttpShape.NodeExporter }],
        });
        await world.TickAsync();
        var disks = await DisksAsync(world, "http/node", new Uri(node.Url).Authority + " ");
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        string[] expected = disks.Count > 0 ? [] : ["target_not_observable http/node/disk", "target_not_observable prometheus/main/disks"];
        for (; await world.ValueAsync("prometheus/main", "prometheus.targets.up", "node") != 1 || !(await world.OpenAsync()).SequenceEqual(expected); await world.TickAsync()) await Task.Delay(300, patience.Token);

        var asked = await DisksAsync(world, "prometheus/main", "");
        Assert.Equal(disks.Keys.Order(StringComparer.Ordinal), asked.Keys.Order(StringComparer.Ordinal));
        Assert.All(asked, disk => Assert.Equal(disks[disk.Key], disk.Value, tolerance: 3));
    }

    private static async Task<Dictionary<string, double>> DisksAsync(WatchWorld world, string target, string before) =>
        (await world.Get<WatchBoard>().SeriesAsync(WatchWorld.System, target, CancellationToken.None)).Where(one => one.Metric == "host.disk.used.percent").ToDictionary(one => before + one.Subject, one => one.Value);

    private static double MemoryKilobytes(string name) => Kilobytes("/proc/meminfo", name);

    private static double Kilobytes(string file, string name) =>
        double.Parse(File.ReadLines(file).Single(line => line.StartsWith(name + ":", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
