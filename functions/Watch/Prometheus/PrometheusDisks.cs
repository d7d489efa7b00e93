using System.Globalization;
using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>How full the disks are of every machine whose node_exporter a Prometheus scrapes (R-183).</summary>
internal static class PrometheusDisks
{
    private const int MostDisks = 200;
    private const int LongestName = 100;

    public const string Query =
        "max by (instance, mountpoint) (100 * (1 - node_filesystem_avail_bytes{fstype!~\"" + NodeExporter.NoDisks + "\"} / node_filesystem_size_bytes{fstype!~\"" + NodeExporter.NoDisks + "\"}))";

    /// <param name="answer">Null: it was not answered.</param>
    public static (IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles) Read(PrometheusData? answer)
    {
        if (answer is not { Refusal: null } || answer.Data.At("result") is not { ValueKind: JsonValueKind.Array } result)
            return ([], [NotObservable("How full the disks are was asked for and not answered.")]);
        Measure[] disks = [.. result.EnumerateArray().Take(MostDisks).Select(Disk).OfType<Measure>()];
        return disks.Length > 0 ? (disks, []) : ([], [NotObservable("It has no node_filesystem_size_bytes: no node_exporter is scraped, and how full the disks are is not known. Fix: add node_exporter to scrape_configs.")]);
    }

    private static Measure? Disk(JsonElement series) =>
        series.At("value") is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && double.TryParse(pair[1].GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var percent) && double.IsFinite(percent)
            ? new("host.disk.used.percent", percent, Name($"{series.Text("metric", "instance")} {series.Text("metric", "mountpoint")}".Trim()))
            : null;

    private static string Name(string text) => text.Length <= LongestName ? text : text[..LongestName];

    private static Trouble NotObservable(string words) => new(TroubleKinds.NotObservable, Severity.Low, words) { Subject = "disks" };
}
