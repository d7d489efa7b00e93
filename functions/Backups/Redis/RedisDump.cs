using System.Buffers.Binary;

namespace WhatsOps.Backups;

/// <summary>
/// A value as DUMP gives it: its bytes, two of the format's version, and a checksum over both (CRC-64 of Jones, least significant byte first). RESTORE refuses a
/// value whose checksum is wrong; so a test can know it without a server to restore into.
/// </summary>
internal static class RedisDump
{
    private const int Footer = 10;
    private const ulong Polynomial = 0x95AC9329AC4BC9B5;
    private static readonly ulong[] Table = [.. Enumerable.Range(0, 256).Select(of => Remainder((ulong)of))];

    public static bool IsWhole(ReadOnlySpan<byte> value) =>
        value.Length > Footer && Checksum(value[..^8]) == BinaryPrimitives.ReadUInt64LittleEndian(value[^8..]);

    private static ulong Checksum(ReadOnlySpan<byte> bytes)
    {
        var sum = 0UL;
        foreach (var one in bytes) sum = Table[(byte)(sum ^ one)] ^ (sum >> 8);
        return sum;
    }

    private static ulong Remainder(ulong of)
    {
        for (var bit = 0; bit < 8; bit++) of = (of & 1) == 1 ? (of >> 1) ^ Polynomial : of >> 1;
        return of;
    }
}
