using System.Text;
using System.Text.Json;
using Amazon.Runtime;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// The objects of a bucket. The part itself is their index; each object is a blob of its own, taken over from the last set while its ETag is the same. Both
/// lists are in the order of keys, so they are walked side by side with constant memory, however many there are.
/// </summary>
internal sealed class ObjectsSource(ObjectsBackup wanted, Func<ObjectStore> open, ObjectVault vault, string system, Guid set, Func<CancellationToken, Task<Stream?>> openLast) : IBackupSource
{
    public const string PartKind = "objects";
    public static readonly byte[] Magic = "WOO1"u8.ToArray();

    public string Name => wanted.Name;

    public string Kind => PartKind;

    public async Task<SourceFacts> WriteAsync(Stream target, CancellationToken cancellation)
    {
        var (count, fresh, bytes) = (0L, 0L, 0L);
        try
        {
            using var store = open();
            await using var lastIndex = await openLast(cancellation);
            var last = lastIndex is null ? null : new ObjectIndex(lastIndex);
            if (last is not null) await last.BeginAsync(cancellation);
            var before = last is null ? null : await last.NextAsync(cancellation);
            var writer = new PartRecords.Writer(target);
            await writer.BeginAsync(Magic, cancellation);
            await foreach (var one in store.ListAsync(cancellation))
            {
                while (before is not null && Compare(before.Key, one.Key) < 0) before = await last!.NextAsync(cancellation);
                var size = one.Size ?? 0;
                var entry = before is { } known && known.Key == one.Key && known.ETag == one.ETag && known.Size == size ? known : null;
                if (entry is null)
                {
                    await using var content = await store.ReadAsync(one.Key, cancellation);
                    entry = await vault.PutAsync(system, set, Name, fresh++, one.Key, one.ETag, size, content, cancellation);
                }

                await writer.WriteAsync(JsonSerializer.SerializeToUtf8Bytes(entry), cancellation);
                (count, bytes) = (count + 1, bytes + size);
            }

            await writer.EndAsync(cancellation);
        }
        catch (Exception problem) when (problem is AmazonServiceException or AmazonClientException or HttpRequestException or IOException)
        {
            throw new BackupException($"The object store at {wanted.Endpoint} failed: {ObjectStore.Words(problem)}.");
        }

        return new("S3", "ListObjectsV2, GetObject", new Dictionary<string, long> { ["objects"] = count, ["bytes"] = bytes, ["new"] = fresh }, IsWhole: true, []);
    }

    private static int Compare(string one, string other) => Encoding.UTF8.GetBytes(one).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(other));
}
