using System.Buffers.Binary;
using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// The keys of a Redis database, each as DUMP gives it, with the time that it had left. Not one moment, as SCAN is none: what changes while it is read is
/// there as it was when its turn came. The manual's rdb file through <c>redis-cli --pipe</c> restores nothing.
/// </summary>
internal sealed class RedisSource(RedisBackup wanted, string configuration) : IBackupSource
{
    public const string PartKind = "redis";
    public static readonly byte[] Magic = "WOR1"u8.ToArray();

    private const int AtOnce = 64;

    public string Name => wanted.Name;

    public string Kind => PartKind;

    public async Task<SourceFacts> WriteAsync(Stream target, CancellationToken cancellation)
    {
        await using var redis = await RedisPlace.OpenAsync(configuration, cancellation);
        var writer = new PartRecords.Writer(target);
        var count = 0L;
        try
        {
            await writer.BeginAsync(Magic, cancellation);
            var batch = new List<RedisKey>(AtOnce);
            await foreach (var key in redis.KeysAsync(wanted.Prefixes, cancellation))
            {
                batch.Add(key);
                if (batch.Count == AtOnce) count += await WriteAsync(redis.Database, batch, writer, cancellation);
            }

            count += await WriteAsync(redis.Database, batch, writer, cancellation);
            await writer.EndAsync(cancellation);
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException)
        {
            throw new BackupException($"Redis stopped answering in the middle: {problem.GetType().Name}.");
        }

        return new($"Redis {redis.Server.Version}", "SCAN, DUMP", new Dictionary<string, long> { ["keys"] = count }, IsWhole: true, []);
    }

    private static async Task<long> WriteAsync(IDatabase database, List<RedisKey> keys, PartRecords.Writer writer, CancellationToken cancellation)
    {
        // Asked for in this order, so a key that ends between the two has no dump, and is not there.
        var asked = keys.Select(key => (Key: key, Left: database.KeyTimeToLiveAsync(key), Dump: database.KeyDumpAsync(key))).ToArray();
        keys.Clear();
        var written = 0L;
        foreach (var (key, left, dump) in asked)
        {
            if (await dump is not { } value) continue;
            var milliseconds = new byte[8];
            var time = await left;
            BinaryPrimitives.WriteInt64BigEndian(milliseconds, time is { } some ? Math.Max(1, (long)some.TotalMilliseconds) : 0);
            await writer.WriteAsync((byte[])key!, cancellation);
            await writer.WriteAsync(milliseconds, cancellation);
            await writer.WriteAsync(value, cancellation);
            written++;
        }

        return written;
    }
}
