using System.Text.Json.Nodes;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>infra-bicep/, compiled once for all tests: the template, and what each parameter file makes of it.</summary>
public sealed class Template : IAsyncLifetime
{
    public static readonly string Folder = Path.Combine(Sources.Root, "infra-bicep");

    // A copy, because snapshots are written beside the parameter file.
    private readonly string copy = Directory.CreateTempSubdirectory("whatsops-bicep-").FullName;

    internal BicepAnswer Main { get; private set; } = null!;

    internal IReadOnlyDictionary<string, BicepAnswer> Snapshots { get; private set; } = null!;

    /// <summary>The ARM template.</summary>
    public JsonObject Arm => JsonNode.Parse(Main.Text)!.AsObject();

    public static IEnumerable<string> Environments => Directory.GetFiles(Folder, "main.*.bicepparam").Select(file => Path.GetFileName(file).Split('.')[1]).Order(StringComparer.Ordinal);

    /// <summary>Every resource that the environment's parameter file makes, of every type or of one.</summary>
    public IReadOnlyList<JsonObject> Resources(string environment, string? type = null) =>
        [.. JsonNode.Parse(Snapshots[environment].Text)!["predictedResources"]!.AsArray().Select(resource => resource!.AsObject()).Where(resource => type is null || (string)resource["type"]! == type)];

    /// <summary>Another parameter file, or another template with its own, evaluated beside the real ones.</summary>
    internal async Task<BicepAnswer> EvaluateAsync(string name, string parameters, string? template = null)
    {
        if (template is not null) await File.WriteAllTextAsync(Path.Combine(copy, $"{name}.bicep"), template);
        var file = Path.Combine(copy, $"{name}.bicepparam");
        await File.WriteAllTextAsync(file, parameters);
        return await Bicep.SnapshotAsync(file, template is null ? ["--location", "brazilsouth"] : ["--resource-group", "rg"]);
    }

    public async ValueTask InitializeAsync()
    {
        if (Bicep.Absent is not null) return;
        foreach (var file in Directory.GetFiles(Folder, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(copy, Path.GetRelativePath(Folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
        }

        var main = Bicep.BuildAsync(Path.Combine(copy, "main.bicep"));
        var snapshots = Environments.ToDictionary(name => name, name => Bicep.SnapshotAsync(Path.Combine(copy, $"main.{name}.bicepparam"), "--location", "brazilsouth"));
        Main = await main;
        await Task.WhenAll(snapshots.Values);
        Snapshots = snapshots.ToDictionary(item => item.Key, item => item.Value.Result);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(copy, recursive: true);
        return ValueTask.CompletedTask;
    }
}
