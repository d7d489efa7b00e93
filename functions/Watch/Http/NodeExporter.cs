using System.Text.RegularExpressions;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The metrics page of node_exporter: how full each disk is, and the memory of the machine .</summary>
internal static partial class NodeExporter
{
    /// <summary>File systems that are no disk, as PromQL and this class leave them out.</summary>
    public const string NoDisks = "tmpfs|ramfs|devtmpfs|overlay|squashfs|iso9660|nsfs|fuse.*|cgroup.*|proc|sysfs|autofs|rootfs";

    public static Reading Read(byte[] body)
    {
        Dictionary<string, (double? Size, double? Available)> disks = new(StringComparer.Ordinal);
        List<Measure> measures = [];
        var lines = 0;
        foreach (var (name, labels, value) in PrometheusText.Series(body))
        {
            lines++;
            if (name is "node_memory_MemTotal_bytes") measures.Add(new("host.memory.total.bytes", value));
            else if (name is "node_memory_MemAvailable_bytes") measures.Add(new("host.memory.available.bytes", value));
            else if (name is "node_filesystem_size_bytes" or "node_filesystem_avail_bytes" && Label(labels, MountPoint()) is { } mount && !IsNoDisk().IsMatch(Label(labels, FileSystem()) ?? ""))
            {
                var disk = disks.GetValueOrDefault(mount);
                disks[mount] = name is "node_filesystem_size_bytes" ? disk with { Size = value } : disk with { Available = value };
            }
        }

        if (lines == 0) return Reading.Unreachable("What it answers is no metrics.");
        foreach (var (mount, disk) in disks.Where(disk => disk.Value is { Size: > 0, Available: not null }).OrderBy(disk => disk.Key, StringComparer.Ordinal))
        {
            measures.Add(new("host.disk.used.percent", 100 * (1 - (disk.Available!.Value / disk.Size!.Value)), mount));
            measures.Add(new("host.disk.available.bytes", disk.Available.Value, mount));
        }

        return Reading.Seen($"{lines} series.", measures, measures.Exists(measure => measure.Metric == "host.disk.used.percent")
            ? []
            : [new Trouble(TroubleKinds.NotObservable, Severity.Low, "node_filesystem_size_bytes is not among its metrics for any disk: how full the machine's disk is, is not known. Fix: is this node_exporter, with its collector filesystem?") { Subject = "disk" }]);
    }

    private static string? Label(string labels, Regex label) => label.Match(labels) is { Success: true } match ? match.Groups["value"].Value : null;

    [GeneratedRegex("(?:^|[,{ ])mountpoint=\"(?<value>[^\"\\\\]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex MountPoint();

    [GeneratedRegex("(?:^|[,{ ])fstype=\"(?<value>[^\"\\\\]*)\"", RegexOptions.CultureInvariant)]
    private static partial Regex FileSystem();

    [GeneratedRegex("^(?:" + NoDisks + ")$", RegexOptions.CultureInvariant)]
    private static partial Regex IsNoDisk();
}
