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

    /// <param name="path">Setting <c>DataKeyFile</c>.</param>
    /// <param name="setting">
    /// Setting <c>DataKey</c>: the keys themselves, separated by commas. For Azure, where it is a Key Vault reference that the platform resolves,
    /// and where no disk of a function app has modes. It wins over the file.
    /// </param>
    public static DataKeys Load(string? path, string? setting = null)
    {
        if (!string.IsNullOrWhiteSpace(setting))
            return Of(setting.Split([',', ' ', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries).Select((key, index) => (key, $"Key {index + 1} in setting DataKey")), "Setting DataKey");
        if (string.IsNullOrWhiteSpace(path))
            throw new CryptographicException("Setting DataKeyFile is missing. Fix: head -c 32 /dev/urandom | base64 > data.key; chmod 600 data.key; set DataKeyFile to its path.");
        if (!File.Exists(path))
            throw new CryptographicException($"The data key file {path} does not exist. Fix: put it back from your safe; without it the stored secrets cannot be read.");
        if (LooseMode(path) is { } mode)
            throw new CryptographicException($"The data key file {path} can be read by others (mode {mode}). Fix: chmod 600 {path}");
        return Of(
            File.ReadLines(path).Select((line, index) => (line.Trim(), $"Line {index + 1} of the data key file {path}")).Where(line => line.Item1.Length > 0 && line.Item1[0] != '#'),
            $"The data key file {path}");
    }

    private static DataKeys Of(IEnumerable<(string Text, string Place)> lines, string source)
    {
        var keys = new List<byte[]>();
        foreach (var (text, place) in lines)
        {
            var key = new byte[32];
            if (!Convert.TryFromBase64String(text, key, out var length) || length != key.Length)
                throw new CryptographicException($"{place} is not 32 bytes of base64.");
            keys.Add(key);
        }

        return keys.Count > 0 ? new DataKeys(keys) : throw new CryptographicException($"{source} holds no key.");
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
