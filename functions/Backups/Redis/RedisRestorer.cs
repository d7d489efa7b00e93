using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Puts keys back with RESTORE, and takes away those with the same beginnings that the set did not have: a queue is only whole with all of its keys.</summary>
internal sealed class RedisRestorer(BackupSources sources) : IPartRestorer
{
    private const int AtOnce = 64;

    public string Kind => RedisSource.PartKind;

    public async Task<string> PutBackAsync(FleetSystem system, BackupPart part, Stream content, CancellationToken cancellation)
    {
        var wanted = system.Backup?.Redis.FirstOrDefault(redis => redis.Name == part.Name) ?? throw new BackupException($"The fleet file no longer names the Redis {part.Name}.", isLasting: true);
        await using var redis = await RedisPlace.OpenAsync(sources.Resolve(wanted.ConnectionString), cancellation);
        try
        {
            var kept = await LoadAsync(redis.Database, content, cancellation);
            var removed = await RemoveOthersAsync(redis, wanted, kept, cancellation);
            return string.Create(CultureInfo.InvariantCulture, $"{kept.Count:N0} keys are as in the set, {removed:N0} that it does not have were removed.");
        }
        catch (RedisServerException problem)
        {
            // "DUMP payload version or checksum are wrong": a server older than the one that was backed up.
            throw new BackupException($"Redis refuses a key of part {part.Name}, which is of {part.Server}; this server is {redis.Server.Version}: {problem.Message}", isLasting: true);
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException)
        {
            throw new BackupException($"Redis stopped answering in the middle: {problem.GetType().Name}.");
        }
    }

    public async Task ReadAsync(BackupPart part, Stream content, CancellationToken cancellation)
    {
        var reader = new RedisKeyReader(content);
        await reader.BeginAsync(cancellation);
        var count = 0L;
        for (; await reader.NextAsync(cancellation) is var (_, _, value); count++)
            if (!RedisDump.IsWhole(value)) throw new BackupException($"Value {count + 1} of part {part.Name} is damaged: Redis would refuse it.", isLasting: true);
        if (count != part.Counts["keys"]) throw new BackupException($"Part {part.Name} has {count} keys instead of {part.Counts["keys"]}.", isLasting: true);
    }

    private static async Task<HashSet<UInt128>> LoadAsync(IDatabase database, Stream content, CancellationToken cancellation)
    {
        var reader = new RedisKeyReader(content);
        await reader.BeginAsync(cancellation);
        var kept = new HashSet<UInt128>();
        var sent = new List<Task>(AtOnce);
        while (await reader.NextAsync(cancellation) is var (key, left, value))
        {
            kept.Add(Mark(key));
            sent.Add(database.ExecuteAsync("RESTORE", (RedisKey)key, left, value, "REPLACE"));
            if (sent.Count < AtOnce) continue;
            await Task.WhenAll(sent);
            sent.Clear();
        }

        await Task.WhenAll(sent);
        return kept;
    }

    // Only after the whole part was read: of a damaged one nothing more than its first keys was written, and nothing was removed.
    private static async Task<long> RemoveOthersAsync(RedisPlace redis, RedisBackup wanted, HashSet<UInt128> kept, CancellationToken cancellation)
    {
        var removed = 0L;
        await foreach (var key in redis.KeysAsync(wanted.Prefixes, cancellation))
            if (!kept.Contains(Mark(key!)) && (long)await redis.Database.ExecuteAsync("UNLINK", key) == 1) removed++;
        return removed;
    }

    // A key may be long, and there may be millions: sixteen bytes of each are enough to know it again.
    private static UInt128 Mark(byte[] key) => BinaryPrimitives.ReadUInt128BigEndian(SHA256.HashData(key));
}
