namespace WhatsOps.Fleet;

/// <summary>Envelope encryption of secrets at rest: AES-256-GCM, the data key from a local key file or Key Vault.</summary>
public interface ISecretProtector
{
    /// <param name="context">Bound to the ciphertext, e.g. <c>webhook/{system}/{tenant}</c>: a row moved to another tenant does not open.</param>
    byte[] Protect(string secret, string context);

    /// <summary>Throws <see cref="System.Security.Cryptography.CryptographicException"/> when key or context do not fit.</summary>
    string Unprotect(byte[] ciphertext, string context);

    /// <summary>SHA-256 of the key that encrypts, lower-case hex: whoever has the key can tell that it is this one, and nobody can tell the key.</summary>
    string KeyHash { get; }
}
