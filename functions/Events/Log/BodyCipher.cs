using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Events;

/// <summary>
/// Encrypts the bodies of one day: AES-256-GCM; tag (16), ciphertext. The nonce is the last 12 bytes of the event's id, 74 of its bits random and
/// none used twice. System, tenant and id are authenticated, so a body moved to another row or tenant does not open.
/// </summary>
internal sealed class BodyCipher(byte[] key)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int MaxName = 80;
    private const int MaxPlace = 16 + (2 * (1 + (3 * MaxName)));

    // AesGcm is not safe for use by two threads at once, and costs more to make than to use: each thread keeps the one it used last.
    [ThreadStatic]
    private static AesGcm? s_aes;

    [ThreadStatic]
    private static BodyCipher? s_owner;

    private AesGcm Aes
    {
        get
        {
            if (s_owner == this) return s_aes!;
            s_aes?.Dispose();
            s_aes = new AesGcm(key, TagLength);
            s_owner = this;
            return s_aes;
        }
    }

    public byte[] Encrypt(ReadOnlySpan<byte> body, string system, string tenant, Guid id)
    {
        var sealedBody = new byte[TagLength + body.Length];
        Span<byte> place = stackalloc byte[MaxPlace];
        place = place[..Place(place, system, tenant, id)];
        Aes.Encrypt(Nonce(place), body, sealedBody.AsSpan(TagLength), sealedBody.AsSpan(0, TagLength), place);
        return sealedBody;
    }

    /// <summary>Throws <see cref="CryptographicException"/> when the body was not encrypted here, for this place.</summary>
    public byte[] Decrypt(ReadOnlySpan<byte> sealedBody, string system, string tenant, Guid id)
    {
        if (sealedBody.Length < TagLength) throw new CryptographicException("This is no encrypted body.");
        var body = new byte[sealedBody.Length - TagLength];
        Span<byte> place = stackalloc byte[MaxPlace];
        place = place[..Place(place, system, tenant, id)];
        Aes.Decrypt(Nonce(place), sealedBody[TagLength..], sealedBody[..TagLength], body, place);
        return body;
    }

    private static ReadOnlySpan<byte> Nonce(ReadOnlySpan<byte> place) => place[(16 - NonceLength)..16];

    // Id, system, tenant; names longer than the room are cut, their id is still their own.
    private static int Place(Span<byte> place, string system, string tenant, Guid id)
    {
        id.TryWriteBytes(place, bigEndian: true, out var length);
        foreach (var name in (ReadOnlySpan<string>)[system, tenant])
        {
            place[length++] = (byte)'\n';
            Encoding.UTF8.TryGetBytes(name.AsSpan(0, Math.Min(name.Length, MaxName)), place[length..], out var written);
            length += written;
        }

        return length;
    }
}
