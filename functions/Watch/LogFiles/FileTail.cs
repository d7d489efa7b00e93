using System.Text;

namespace WhatsOps.Watch;

/// <summary>The lines that a file has behind a place, as its bytes stream by: what is before is thrown away, and no more than a line is ever held.</summary>
/// <param name="Position">The beginning of the line that is not whole yet.</param>
/// <param name="IsSame">It is the file that the place was in.</param>
/// <param name="IsCut">It had more than <see cref="MostBytes"/>; the oldest of that were not read.</param>
internal sealed record FileTail(long Position, FileHead Head, bool IsSame, bool IsCut)
{
    /// <summary>Bytes of one look.</summary>
    public const int MostBytes = 4 * 1024 * 1024;

    private const int LongestLine = 16 * 1024;
    private const int Piece = 64 * 1024;

    /// <param name="length">Bytes of the file.</param>
    /// <param name="from">Where the last look stopped; null: nothing is read but the place to go on from.</param>
    /// <param name="onlySame">True: another file than that of <paramref name="from"/> is not read; false: it is, from its beginning.</param>
    public static async Task<FileTail> ReadAsync(Stream file, long length, FileCursor? from, bool onlySame, Action<string> each, CancellationToken cancellation)
    {
        var buffer = new byte[Piece];
        // Never asked for more than there is: the engine's client takes a read of nothing for an archive that broke off.
        var filled = (int)Math.Min(FileHead.Longest, length);
        await file.ReadExactlyAsync(buffer.AsMemory(0, filled), cancellation);
        var beginning = buffer.AsMemory(0, filled);
        var isSame = from is null || (length >= from.Position && from.Head.Fits(beginning.Span));
        var head = FileHead.Of(beginning.Span);
        if (!isSame && onlySame) return new(0, head, isSame, IsCut: false);

        // Without a place yet it is the end of the last whole line.
        var start = !isSame ? 0 : from?.Position ?? Math.Max(0, length - LongestLine);
        var first = Math.Max(start, length - MostBytes);
        var lines = new Lines(first, isMidLine: first > start, from is null ? _ => { } : each);
        for (long position = 0; ; position += filled)
        {
            if (position > 0) await file.ReadExactlyAsync(buffer.AsMemory(0, filled = (int)Math.Min(Piece, length - position)), cancellation);
            lines.Take(buffer.AsSpan(0, filled), position);
            if (position + filled >= length) break;
        }

        return new(lines.Position, head, isSame, IsCut: from is not null && first > start);
    }

    private sealed class Lines
    {
        private readonly byte[] _line = new byte[LongestLine];
        private readonly long _first;
        private readonly Action<string> _each;
        private int _length;
        private bool _isSkipping;

        public Lines(long first, bool isMidLine, Action<string> each) => (_first, Position, _isSkipping, _each) = (first, first, isMidLine, each);

        public long Position { get; private set; }

        public void Take(ReadOnlySpan<byte> bytes, long at)
        {
            if (at + bytes.Length <= _first) return;
            for (var index = (int)Math.Max(0, _first - at); index < bytes.Length; index++)
            {
                if (bytes[index] == '\n') End(at + index + 1);
                else if (!_isSkipping && _length < LongestLine) _line[_length++] = bytes[index];
            }
        }

        private void End(long position)
        {
            Position = position;
            if (!_isSkipping && _length > 0) _each(Encoding.UTF8.GetString(_line, 0, _length).TrimEnd('\r'));
            (_isSkipping, _length) = (false, 0);
        }
    }
}
