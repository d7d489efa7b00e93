namespace WhatsOps.Backups;

/// <summary>Watches a plain dump go by and knows whether its end was the end that pg_dump writes.</summary>
internal sealed class DumpTrailer
{
    // Behind the mark only a few empty comments, and since 2025 an \unrestrict with a token.
    private const int Kept = 512;
    private readonly byte[] _tail = new byte[Kept];
    private int _length;

    private static ReadOnlySpan<byte> Mark => "\n-- PostgreSQL database dump complete\n"u8;

    public bool IsWhole => _tail.AsSpan(0, _length).IndexOf(Mark) >= 0;

    public void See(ReadOnlySpan<byte> piece)
    {
        if (piece.Length >= Kept)
        {
            piece[^Kept..].CopyTo(_tail);
            _length = Kept;
            return;
        }

        var keep = Math.Min(_length, Kept - piece.Length);
        _tail.AsSpan(_length - keep, keep).CopyTo(_tail);
        piece.CopyTo(_tail.AsSpan(keep));
        _length = keep + piece.Length;
    }
}
