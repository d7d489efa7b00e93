using System.Security.Cryptography;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>The secrets of a local host: made at random, kept in files of mode 600 where they must outlive a run.</summary>
internal static class UpKeys
{
    public static string Random() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>The file with the data key; the same one as long as the database that it encrypts into lives.</summary>
    public static string DataKeyFile(string name)
    {
        var path = Path.Combine(Repository.LocalFolder, "up", name);
        if (!File.Exists(path)) PrivateFile.Write(path, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        return path;
    }
}
