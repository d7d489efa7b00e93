using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Events;

/// <summary>
/// Encrypts the bodies of one day: AES-256-GCM; nonce (12), tag (16), ciphertext. System, tenant and event id are authenticated with it, so a
/// body moved to another row or tenant does not open.
/// </summary>
internal sealed class BodyCipher(byte[] key)
{
    private const int NonceLength = 12;
    private const int TagLength = 16;

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
        var sealedBody = new byte[NonceLength + TagLength + body.Length];
        var nonce = sealedBody.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        Aes.Encrypt(nonce, body, sealedBody.AsSpan(NonceLength + TagLength), sealedBody.AsSpan(NonceLength, TagLength), Place(system, tenant, id));
        return sealedBody;
    }

    /// <summary>Throws <see cref="CryptographicException"/> when the body was not encrypted here, for this place.</summary>
    public byte[] Decrypt(ReadOnlySpan<byte> sealedBody, string system, string tenant, Guid id)
    {
        if (sealedBody.Length < NonceLength + TagLength) throw new CryptographicException("This is no encrypted body.");
        var body = new byte[sealedBody.Length - NonceLength - TagLength];
        Aes.Decrypt(
            sealedBody[..NonceLength], sealedBody[(NonceLength + TagLength)..], sealedBody.Slice(NonceLength, TagLength), body, Place(system, tenant, id));
        return body;
    }

    private static byte[] Place(string system, string tenant, Guid id) => Encoding.UTF8.GetBytes($"{system}\n{tenant}\n{id:N}");
}
