using System.Text.Json;
using System.Text.RegularExpressions;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>
/// What an engine says of its disk (<c>GET /system/df</c>). Since version 1.52 of the API it sums up by kind (<c>VolumeUsage</c>); before, and in podman, it lists
/// (<c>Volumes</c>). A size that is missing or negative was not measured.
/// </summary>
internal static partial class EngineUsage
{
    private const string Anonymous = "anonymous";

    public static (List<Measure> Measures, List<Trouble> Troubles) Read(EngineTarget target, JsonElement usage)
    {
        List<Measure> measures = [];
        List<Trouble> troubles = [];
        Add("images", usage.Number("ImageUsage", "TotalSize") ?? (usage.Number("LayersSize") is > 0 and var layers ? layers : Sum(Items(usage, "Images"), "Size")));
        Add("containers", usage.Number("ContainerUsage", "TotalSize") ?? Sum(Items(usage, "Containers"), "SizeRw"));
        Add("build_cache", usage.Number("BuildCacheUsage", "TotalSize") ?? (usage.Number("BuilderSize") is > 0 and var builder ? builder : Sum(Items(usage, "BuildCache"), "Size")));

        var volumes = (Items(usage, "VolumeUsage", "Items") ?? Items(usage, "Volumes"))?.Select(Volume).ToArray();
        if ((usage.Number("VolumeUsage", "TotalSize") ?? volumes?.Sum(volume => volume.Bytes ?? 0)) is { } all) measures.Add(new("engine.volumes.bytes", all));
        if (volumes is null)
        {
            troubles.Add(NotMeasured("volumes", "Its volumes are not listed, so neither what each takes nor whether it is there is known."));
            return (measures, troubles);
        }

        foreach (var same in volumes.Where(volume => volume.Bytes is not null).GroupBy(volume => IsAnonymous().IsMatch(volume.Name) ? Anonymous : volume.Name, StringComparer.Ordinal))
            measures.Add(new("engine.volume.bytes", same.Sum(volume => volume.Bytes!.Value), same.Key));
        measures.Add(new("engine.volumes.unused.bytes", volumes.Where(volume => !volume.IsUsed).Sum(volume => volume.Bytes ?? 0)));
        foreach (var name in target.Volumes)
        {
            if (volumes.FirstOrDefault(volume => volume.Name == name) is not { Name: not null } volume)
                troubles.Add(new(TroubleKinds.Absent, Severity.High, $"There is no volume {name}: what the product keeps there is elsewhere, or lost. Fix: docker volume ls lists the names; compose puts the project's before them.") { Subject = name });
            else if (volume.Bytes is null) troubles.Add(NotMeasured(name, $"The size of volume {name} is not measured, as with drivers other than local."));
        }

        return (measures, troubles);

        void Add(string what, double? bytes)
        {
            if (bytes is { } known) measures.Add(new($"engine.{what}.bytes", known));
            else troubles.Add(NotMeasured(what, $"What {what.Replace('_', ' ')} take of the disk is not measured."));
        }
    }

    private static (string Name, double? Bytes, bool IsUsed) Volume(JsonElement volume) =>
        (volume.Text("Name") ?? "", volume.Number("UsageData", "Size") is >= 0 and var bytes ? bytes : null, volume.Number("UsageData", "RefCount") is not 0);

    // null is how some write an empty list.
    private static JsonElement[]? Items(JsonElement usage, params ReadOnlySpan<string> path) => usage.At(path) switch
    {
        { ValueKind: JsonValueKind.Array } items => [.. items.EnumerateArray()],
        { ValueKind: JsonValueKind.Null } => [],
        _ => null,
    };

    private static double? Sum(JsonElement[]? items, string member) => items?.Sum(item => Math.Max(0, item.Number(member) ?? 0));

    private static Trouble NotMeasured(string subject, string words) => new(TroubleKinds.NotObservable, Severity.Low, words) { Subject = subject };

    [GeneratedRegex("^[0-9a-f]{64}$")]
    private static partial Regex IsAnonymous();
}
