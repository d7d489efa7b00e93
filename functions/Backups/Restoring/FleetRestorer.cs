using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Reads the fleet file of a set. It is put back by whoever applies it (<c>whatsops fleet apply</c>), with the check that comes with that.</summary>
internal sealed class FleetRestorer : IPartRestorer
{
    public string Kind => FleetSource.PartName;

    public Task<string> PutBackAsync(FleetSystem system, BackupPart part, Stream content, CancellationToken cancellation) =>
        throw new BackupException("A fleet file is not put back by a run. Fix: whatsops backups fleet SET, then whatsops fleet apply FILE.", isLasting: true);

    public async Task ReadAsync(BackupPart part, Stream content, CancellationToken cancellation)
    {
        try
        {
            if ((await JsonSerializer.DeserializeAsync<FleetDocument>(content, FleetJson.Options, cancellation))?.Systems.Count != part.Counts["systems"])
                throw new BackupException($"Part {part.Name} does not hold the systems it was made of.", isLasting: true);
        }
        catch (JsonException)
        {
            throw new BackupException($"Part {part.Name} is no fleet file.", isLasting: true);
        }
    }
}
