using System.Security.Cryptography;

namespace WhatsOps.Fleet;

/// <summary>
/// The data keys of the local key file: one per line, 32 random bytes as base64; <c>#</c> starts a comment. The last line encrypts, every line
/// decrypts, so a key is rotated by appending. A file that others can read is refused: it opens every tenant's secrets.
/// </summary>
internal sealed class DataKeys
{
    public const int IdLength = 4;
    private readonly Dictionary<uint, byte[]> _keys = [];

    private DataKeys(IEnumerable<byte[]> keys)
    {
        foreach (var key in keys)
        {
            _keys[IdOf(key)] = key;
            Newest = key;
        }
    }

    public byte[] Newest { get; } = [];

    public byte[]? Find(uint id) => _keys.GetValueOrDefault(id);

    /// <summary>First bytes of the key's hash: tells which key fits without telling the key.</summary>
    public static uint IdOf(byte[] key) => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(key));

    public static DataKeys Load(string? path)
    {
        if (string.IsNullOrWhiteSpace(path))
            throw new CryptographicException("Setting DataKeyFile is missing. Fix: head -c 32 /dev/urandom | base64 > data.key; chmod 600 data.key; set DataKeyFile to its path.");
        if (!File.Exists(path))
            throw new CryptographicException($"The data key file {path} does not exist. Fix: put it back from your safe; without it the stored secrets cannot be read.");
        if (LooseMode(path) is { } mode)
            throw new CryptographicException($"The data key file {path} can be read by others (mode {mode}). Fix: chmod 600 {path}");
        var keys = new List<byte[]>();
        foreach (var (line, number) in File.ReadLines(path).Select((line, index) => (line.Trim(), index + 1)))
        {
            if (line.Length == 0 || line[0] == '#') continue;
            var key = new byte[32];
            if (!Convert.TryFromBase64String(line, key, out var length) || length != key.Length)
                throw new CryptographicException($"Line {number} of the data key file {path} is not 32 bytes of base64.");
            keys.Add(key);
        }

        return keys.Count > 0 ? new DataKeys(keys) : throw new CryptographicException($"The data key file {path} holds no key.");
    }

    /// <summary>The octal mode when group or others may touch the file; null when it is private (or the system has no modes).</summary>
    public static string? LooseMode(string path)
    {
        if (OperatingSystem.IsWindows()) return null;
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
            | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
        var mode = File.GetUnixFileMode(path);
        return (mode & Others) == 0 ? null : Convert.ToString((int)mode, 8);
    }
}
