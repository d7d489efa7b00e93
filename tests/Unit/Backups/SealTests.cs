using System.Security.Cryptography;
using CsCheck;
using WhatsOps.Backups;

namespace WhatsOps.Tests.Unit.Backups;

public sealed class SealTests
{
    private static readonly byte[] Key = SHA256.HashData("key"u8);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealFormat.ChunkLength - 1)]
    [InlineData(SealFormat.ChunkLength)]
    [InlineData(SealFormat.ChunkLength + 1)]
    [InlineData(3 * SealFormat.ChunkLength)]
    public async Task What_is_sealed_opens_as_it_was(int length)
    {
        var plain = Bytes(length);
        Assert.Equal(plain, await OpenAsync(await SealAsync(plain), Key));
    }

    [Fact]
    public async Task Nothing_that_was_changed_cut_or_moved_opens()
    {
        var whole = await SealAsync(Bytes((2 * SealFormat.ChunkLength) + 500));
        var chunk = SealFormat.ChunkLength + SealFormat.TagLength;
        foreach (var at in new[] { 0, 5, SealFormat.HeaderLength, SealFormat.HeaderLength + chunk + 7, whole.Length - 1 })
        {
            var changed = whole.ToArray();
            changed[at] ^= 1;
            await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(changed, Key));
        }

        foreach (var length in new[] { 0, 3, SealFormat.HeaderLength, SealFormat.HeaderLength + chunk, SealFormat.HeaderLength + (2 * chunk), whole.Length - 1 })
            await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(whole[..length], Key));
        byte[] swapped = [.. whole[..SealFormat.HeaderLength], .. whole[(SealFormat.HeaderLength + chunk)..(SealFormat.HeaderLength + (2 * chunk))], .. whole[SealFormat.HeaderLength..(SealFormat.HeaderLength + chunk)], .. whole[(SealFormat.HeaderLength + (2 * chunk))..]];
        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(swapped, Key));
        await Assert.ThrowsAnyAsync<CryptographicException>(() => OpenAsync(whole, SHA256.HashData("another"u8)));
    }

    [Fact]
    public void The_end_of_a_dump_is_known_however_it_comes_in_pieces() => Gen.Int[1, 900].List[1, 20].Sample(sizes =>
    {
        var end = "\n--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict abc\n\n"u8.ToArray();
        byte[] dump = [.. Bytes(2000), .. end];
        Assert.True(Whole(dump, sizes));
        Assert.False(Whole(dump[..^(end.Length - 10)], sizes));
    });

    private static bool Whole(byte[] dump, List<int> sizes)
    {
        var trailer = new DumpTrailer();
        for (var (at, turn) = (0, 0); at < dump.Length; turn++)
        {
            var size = Math.Min(sizes[turn % sizes.Count], dump.Length - at);
            trailer.See(dump.AsSpan(at, size));
            at += size;
        }

        return trailer.IsWhole;
    }

    private static async Task<byte[]> SealAsync(byte[] plain)
    {
        var target = new MemoryStream();
        await using var sealing = new SealingStream(target, Key);
        await sealing.WriteAsync(plain);
        await sealing.CompleteAsync(default);
        return target.ToArray();
    }

    private static async Task<byte[]> OpenAsync(byte[] sealedBytes, byte[] key)
    {
        var target = new MemoryStream();
        await using var opening = new OpeningStream(new MemoryStream(sealedBytes), key);
        await opening.CopyToAsync(target);
        return target.ToArray();
    }

    private static byte[] Bytes(int length)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++) bytes[i] = (byte)((i * 31) + (i >> 8));
        return bytes;
    }
}
