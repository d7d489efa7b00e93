using System.Buffers.Binary;

namespace WhatsOps.Backups;

/// <summary>
/// How parts that consist of many pieces are written: a magic of four bytes, then blocks of a length (32 bits, big endian) and its bytes. The end is the
/// length -1 and the number of blocks, so a stream that was cut off is told from one that is whole.
/// </summary>
internal static class PartRecords
{
    private const int End = -1;
    private const int Most = 600 * 1024 * 1024;

    public sealed class Writer(Stream target)
    {
        private readonly byte[] _number = new byte[12];
        private long _blocks;

        public async Task BeginAsync(ReadOnlyMemory<byte> magic, CancellationToken cancellation) => await target.WriteAsync(magic, cancellation);

        public async Task WriteAsync(ReadOnlyMemory<byte> block, CancellationToken cancellation)
        {
            BinaryPrimitives.WriteInt32BigEndian(_number, block.Length);
            await target.WriteAsync(_number.AsMemory(0, 4), cancellation);
            await target.WriteAsync(block, cancellation);
            _blocks++;
        }

        public async Task EndAsync(CancellationToken cancellation)
        {
            BinaryPrimitives.WriteInt32BigEndian(_number, End);
            BinaryPrimitives.WriteInt64BigEndian(_number.AsSpan(4), _blocks);
            await target.WriteAsync(_number, cancellation);
        }
    }

    public sealed class Reader(Stream source)
    {
        private readonly byte[] _number = new byte[8];
        private long _blocks;

        /// <exception cref="InvalidDataException">It is something else.</exception>
        public async Task BeginAsync(ReadOnlyMemory<byte> magic, CancellationToken cancellation)
        {
            await FillAsync(_number.AsMemory(0, magic.Length), cancellation);
            if (!_number.AsSpan(0, magic.Length).SequenceEqual(magic.Span)) throw new InvalidDataException("This part is of another kind than its manifest says.");
        }

        /// <summary>The next block; null after the last, which is proven to be the last.</summary>
        /// <exception cref="InvalidDataException">The end is missing.</exception>
        public async Task<byte[]?> NextAsync(CancellationToken cancellation)
        {
            await FillAsync(_number.AsMemory(0, 4), cancellation);
            var length = BinaryPrimitives.ReadInt32BigEndian(_number);
            if (length == End)
            {
                await FillAsync(_number, cancellation);
                return BinaryPrimitives.ReadInt64BigEndian(_number) == _blocks ? null : throw new InvalidDataException("Blocks of this part are missing.");
            }

            if (length is < 0 or > Most) throw new InvalidDataException("This part is damaged.");
            var block = new byte[length];
            await FillAsync(block, cancellation);
            _blocks++;
            return block;
        }

        private async Task FillAsync(Memory<byte> block, CancellationToken cancellation)
        {
            if (await source.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellation) < block.Length) throw new InvalidDataException("The end of this part is missing.");
        }
    }
}
