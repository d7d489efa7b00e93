using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Configuration;

namespace WhatsOps.Fleet;

/// <summary>AES-256-GCM. Envelope: version 1, key id (4), nonce (12), tag (16), ciphertext; the context is authenticated, not stored.</summary>
internal sealed class SecretProtector(IConfiguration configuration) : ISecretProtector
{
    private const byte Version = 1;
    private const int NonceAt = 1 + DataKeys.IdLength;
    private const int TagAt = NonceAt + 12;
    private const int TextAt = TagAt + 16;

    // Read at first use, not at start: the receiver of a tenant without secrets must not need it, and doctor says what is wrong with it.
    private readonly Lazy<DataKeys> _keys = new(() => DataKeys.Load(configuration["DataKeyFile"], configuration["DataKey"]), LazyThreadSafetyMode.PublicationOnly);

    public string KeyHash => Convert.ToHexStringLower(SHA256.HashData(_keys.Value.Newest));

    public byte[] Protect(string secret, string context)
    {
        var key = _keys.Value.Newest;
        var text = Encoding.UTF8.GetBytes(secret);
        var envelope = new byte[TextAt + text.Length];
        envelope[0] = Version;
        BinaryPrimitives.WriteUInt32BigEndian(envelope.AsSpan(1), DataKeys.IdOf(key));
        RandomNumberGenerator.Fill(envelope.AsSpan(NonceAt, 12));
        using var aes = new AesGcm(key, 16);
        aes.Encrypt(envelope.AsSpan(NonceAt, 12), text, envelope.AsSpan(TextAt), envelope.AsSpan(TagAt, 16), Encoding.UTF8.GetBytes(context));
        return envelope;
    }

    public string Unprotect(byte[] ciphertext, string context)
    {
        if (ciphertext.Length < TextAt || ciphertext[0] != Version) throw new CryptographicException("This is not a secret that WhatsOps encrypted.");
        var id = BinaryPrimitives.ReadUInt32BigEndian(ciphertext.AsSpan(1));
        var key = _keys.Value.Find(id)
            ?? throw new CryptographicException($"The data key {id:x8} is not in the key file. Fix: add the line it had; older keys must stay until every secret is re-encrypted.");
        var text = new byte[ciphertext.Length - TextAt];
        using var aes = new AesGcm(key, 16);
        aes.Decrypt(ciphertext.AsSpan(NonceAt, 12), ciphertext.AsSpan(TextAt), ciphertext.AsSpan(TagAt, 16), text, Encoding.UTF8.GetBytes(context));
        return Encoding.UTF8.GetString(text);
    }
}
