using System.Buffers.Binary;

namespace WhatsOps.Backups;

/// <summary>Reads what <see cref="RedisSource"/> wrote.</summary>
internal sealed class RedisKeyReader(Stream part)
{
    private readonly PartRecords.Reader _records = new(part);

    public Task BeginAsync(CancellationToken cancellation) => _records.BeginAsync(RedisSource.Magic, cancellation);

    /// <summary>The next key, the milliseconds it had left (0: for ever), its value as DUMP gave it; null after the last.</summary>
    /// <exception cref="InvalidDataException">It is damaged or cut off.</exception>
    public async Task<(byte[] Key, long Left, byte[] Value)?> NextAsync(CancellationToken cancellation)
    {
        if (await _records.NextAsync(cancellation) is not { } key) return null;
        return await _records.NextAsync(cancellation) is { Length: 8 } left && await _records.NextAsync(cancellation) is { } value
            ? (key, BinaryPrimitives.ReadInt64BigEndian(left), value)
            : throw new InvalidDataException("A key of this part has no value.");
    }
}
