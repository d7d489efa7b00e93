using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>The fleet file in force: with it and the secrets it refers to, a new WhatsOps knows what it operated.</summary>
internal sealed class FleetSource(FleetVersion fleet) : IBackupSource
{
    public const string PartName = "fleet";

    public string Name => PartName;

    public string Kind => "fleet";

    public async Task<SourceFacts> WriteAsync(Stream target, CancellationToken cancellation)
    {
        await target.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(fleet.Document, FleetJson.Options), cancellation);
        return new(null, null, new Dictionary<string, long> { ["systems"] = fleet.Document.Systems.Count }, IsWhole: true, []);
    }
}
