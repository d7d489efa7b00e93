using System.Globalization;
using Amazon.Runtime;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Puts objects back that are gone or changed; those that the set does not have stay.</summary>
internal sealed class ObjectsRestorer(BackupSources sources, ObjectVault vault) : IPartRestorer
{
    public string Kind => ObjectsSource.PartKind;

    public async Task<string> PutBackAsync(FleetSystem system, BackupPart part, Stream content, CancellationToken cancellation)
    {
        var wanted = system.Backup?.Objects.FirstOrDefault(objects => objects.Name == part.Name) ?? throw new BackupException($"The fleet file no longer names the objects {part.Name}.", isLasting: true);
        using var store = sources.Opener(wanted)();
        var (written, same) = (0L, 0L);
        try
        {
            await EachAsync(content, async entry =>
            {
                if (await store.ETagAsync(entry.Key, cancellation) == entry.ETag)
                {
                    same++;
                    return;
                }

                await using var stored = await vault.OpenAsync(entry, cancellation);
                await store.WriteAsync(entry.Key, stored, cancellation);
                written++;
            }, cancellation);
        }
        catch (Exception problem) when (problem is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new BackupException($"The object store at {wanted.Endpoint} failed: {ObjectStore.Words(problem)}.");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{written:N0} objects put back, {same:N0} were as in the set.");
    }

    public async Task ReadAsync(BackupPart part, Stream content, CancellationToken cancellation)
    {
        var (count, buffer) = (0L, new byte[256 * 1024]);
        await EachAsync(content, async entry =>
        {
            await using var stored = await vault.OpenAsync(entry, cancellation);
            var (bytes, read) = (0L, 0);
            while ((read = await stored.ReadAsync(buffer, cancellation)) > 0) bytes += read;
            if (bytes != entry.Size) throw new BackupException($"An object of part {part.Name} has {bytes} bytes instead of {entry.Size}.", isLasting: true);
            count++;
        }, cancellation);
        if (count != part.Counts["objects"]) throw new BackupException($"Part {part.Name} has {count} objects instead of {part.Counts["objects"]}.", isLasting: true);
    }

    private static async Task EachAsync(Stream content, Func<ObjectEntry, Task> use, CancellationToken cancellation)
    {
        var index = new ObjectIndex(content);
        await index.BeginAsync(cancellation);
        while (await index.NextAsync(cancellation) is { } entry) await use(entry);
    }
}
