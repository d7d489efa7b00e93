using System.Text.Json.Nodes;
using WhatsOps.Tests.Unit.Architecture;

namespace WhatsOps.Tests.Unit.Infra;

/// <summary>infra-bicep/, compiled once for all tests: the template, and what each parameter file makes of it.</summary>
public sealed class Template : IAsyncLifetime
{
    public static readonly string Folder = Path.Combine(Sources.Root, "infra-bicep");

    // A copy, because further parameter files are written beside the real ones.
    private readonly string copy = Directory.CreateTempSubdirectory("whatsops-bicep-").FullName;

    private Bicep? compiler;

    internal BicepAnswer Main { get; private set; } = null!;

    internal IReadOnlyDictionary<string, BicepAnswer> Snapshots { get; private set; } = null!;

    /// <summary>The ARM template.</summary>
    public JsonObject Arm => Main.Json;

    public static IEnumerable<string> Environments => Directory.GetFiles(Folder, "main.*.bicepparam").Select(file => Path.GetFileName(file).Split('.')[1]).Order(StringComparer.Ordinal);

    /// <summary>Every resource that the environment's parameter file makes, of every type or of one.</summary>
    public IReadOnlyList<JsonObject> Resources(string environment, string? type = null) =>
        [.. Snapshots[environment].Json["predictedResources"]!.AsArray().Select(resource => resource!.AsObject()).Where(resource => type is null || (string)resource["type"]! == type)];

    /// <summary>Another parameter file, or another template with its own, evaluated beside the real ones.</summary>
    internal async Task<BicepAnswer> EvaluateAsync(string name, string parameters, string? template = null)
    {
        if (template is not null) await File.WriteAllTextAsync(Path.Combine(copy, $"{name}.bicep"), template);
        var file = Path.Combine(copy, $"{name}.bicepparam");
        await File.WriteAllTextAsync(file, parameters);
        return await compiler!.SnapshotAsync(file, template is null ? null : "rg");
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

        compiler = new();
        Main = await compiler.BuildAsync(Path.Combine(copy, "main.bicep"));
        var snapshots = new Dictionary<string, BicepAnswer>(StringComparer.Ordinal);
        foreach (var environment in Environments) snapshots[environment] = await compiler.SnapshotAsync(Path.Combine(copy, $"main.{environment}.bicepparam"));
        Snapshots = snapshots;
    }

    public ValueTask DisposeAsync()
    {
        compiler?.Dispose();
        Directory.Delete(copy, recursive: true);
        return ValueTask.CompletedTask;
    }
}
