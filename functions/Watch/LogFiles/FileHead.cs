using System.Security.Cryptography;

namespace WhatsOps.Watch;

/// <summary>How a file begins, as a hash: the archive API has no inode, and another file of the same name begins otherwise.</summary>
/// <param name="Length">Bytes that are hashed; 0: the file was empty, and any file goes on from there.</param>
internal readonly record struct FileHead(int Length, ReadOnlyMemory<byte> Hash)
{
    public const int Longest = 256;

    public static FileHead Of(ReadOnlySpan<byte> beginning) => new(beginning.Length, SHA256.HashData(beginning));

    /// <summary>True: a file that begins so may be the one that this head was taken of.</summary>
    public bool Fits(ReadOnlySpan<byte> beginning) => beginning.Length >= Length && SHA256.HashData(beginning[..Length]).AsSpan().SequenceEqual(Hash.Span);
}
