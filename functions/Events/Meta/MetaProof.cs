using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace WhatsOps.Events;

/// <summary>
/// Whether a body is Meta's: header <c>X-Hub-Signature-256</c> is <c>sha256=</c> and the hex HMAC-SHA256 of its bytes, exactly as they came, under the
/// app's secret. The current and the previous secret count.
/// </summary>
internal sealed class MetaProof : IDisposable
{
    public const string Header = "X-Hub-Signature-256";
    private const string Prefix = "sha256=";

    private readonly byte[] _signature;

    private MetaProof(byte[] signature, IEnumerable<string> secrets)
    {
        _signature = signature;
        Macs = [.. secrets.Select(secret => IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret)))];
    }

    /// <summary>To be fed with every byte of the body.</summary>
    public IReadOnlyList<IncrementalHash> Macs { get; }

    /// <summary>Null: the header is no signature, so that the body need not be read.</summary>
    public static MetaProof? Of(string header, IEnumerable<string> secrets)
    {
        var hex = header.AsSpan(header.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? Prefix.Length : 0);
        var signature = new byte[SHA256.HashSizeInBytes];
        return Convert.FromHexString(hex, signature, out var read, out var written) == OperationStatus.Done && read == hex.Length && written == signature.Length
            ? new(signature, secrets) : null;
    }

    /// <summary>To be asked once, when the body has been read.</summary>
    public bool Fits()
    {
        var fits = false;
        foreach (var mac in Macs) fits |= CryptographicOperations.FixedTimeEquals(mac.GetHashAndReset(), _signature);
        return fits;
    }

    public void Dispose()
    {
        foreach (var mac in Macs) mac.Dispose();
    }
}
