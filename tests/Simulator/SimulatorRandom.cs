using System.Text;

namespace WhatsOps.Simulator;

/// <summary>Seeded, thread-safe chance: ids, tokens and codes that look like the gateway's own.</summary>
internal sealed class SimulatorRandom(int seed)
{
    private readonly Random random = new(seed);

    public double NextDouble()
    {
        lock (random) return random.NextDouble();
    }

    public byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        lock (random) random.NextBytes(bytes);
        return bytes;
    }

    public string Uuid()
    {
        var bytes = Bytes(16);
        bytes[7] = (byte)((bytes[7] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes).ToString();
    }

    /// <summary>A key as Prisma makes them: "c" and 24 lower-case letters or digits.</summary>
    public string Cuid() => "c" + Pick("0123456789abcdefghijklmnopqrstuvwxyz", 24);

    public string Token() => Uuid().ToUpperInvariant();

    public string PairingCode() => Pick("ABCDEFGHJKLMNPQRSTVWXYZ123456789", 8);

    public string MessageId() => "3EB0" + Convert.ToHexString(Bytes(9));

    private string Pick(string alphabet, int count)
    {
        var text = new StringBuilder(count);
        lock (random)
            for (var i = 0; i < count; i++) text.Append(alphabet[random.Next(alphabet.Length)]);
        return text.ToString();
    }
}
