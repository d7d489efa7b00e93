using WhatsOps.Blobs;

namespace WhatsOps.Backups;

/// <summary>Counts what passes on its way into a stream.</summary>
internal sealed class MeteredStream(Stream target, Action<long> passed) : WriteOnlyStream
{
    public long Bytes { get; private set; }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await target.WriteAsync(buffer, cancellationToken);
        Bytes += buffer.Length;
        passed(Bytes);
    }
}
