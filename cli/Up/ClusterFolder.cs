using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using WhatsOps.Cli.Local;

namespace WhatsOps.Cli.Up;

/// <summary>
/// Where the private PostgreSQL of `up` lives: in .local, or, as root in a clone that user postgres cannot enter, in a folder of its own under /var/lib/whatsops. A note
/// in .local names that folder for as long as its data live: `up --fleet` keeps events there that gateways will not send again.
/// </summary>
/// <param name="local">The clone's .local.</param>
/// <param name="home">Where folders of clones that cannot be entered are.</param>
internal sealed class ClusterFolder(string local, string home = "/var/lib/whatsops")
{
    private const UnixFileMode OthersMayWrite = UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;
    private const UnixFileMode OthersMayPass =
        UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private string Note => Path.Combine(local, "postgres-folder");

    public static ClusterFolder OfThisClone => new(Repository.LocalFolder);

    /// <summary>The folder, made if there is none.</summary>
    /// <param name="canEnter">Whether the user that the server runs as can enter a folder.</param>
    public async Task<string> OpenAsync(Func<string, Task<bool>> canEnter, CancellationToken cancellation)
    {
        var inClone = Directory.CreateDirectory(Path.Combine(local, "up", "postgres")).FullName;
        if (!File.Exists(Note) && await canEnter(inClone)) return inClone;
        await MakeAsync(home, cancellation);
        if (Noted() is not { } folder)
        {
            folder = Path.Combine(home, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Path.GetFullPath(local))))[..16]);
            // The key of its secrets was in the .local that is gone.
            if (Directory.Exists(folder)) throw new CliProblem($"{folder} is left from an earlier {local}, which is gone.", $"rm -rf {folder} deletes its databases");
            PrivateFile.Write(Note, folder);
        }

        await MakeAsync(folder, cancellation);
        return folder;
    }

    /// <summary>Deletes the folder outside of .local, if there is one.</summary>
    public void Delete()
    {
        if (Noted() is { } folder && Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        File.Delete(Note);
    }

    private string? Noted()
    {
        if (!File.Exists(Note)) return null;
        var folder = File.ReadAllText(Note).Trim();
        // What is named here is deleted with all that is in it.
        if (Path.GetDirectoryName(folder) != home) throw new CliProblem($"{Note} does not name a folder in {home}.", "write the folder into it that up used last, or delete it");
        return folder;
    }

    // Nobody else may have made it: who owns a folder above the data can put others in their place.
    private static async Task MakeAsync(string folder, CancellationToken cancellation)
    {
        if (!OperatingSystem.IsWindows() && !Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder, OthersMayPass);
            // Whatever the umask takes away: the server's user must come through.
            File.SetUnixFileMode(folder, OthersMayPass);
        }

        // Of the folder itself, not of what a link leads to.
        var words = (await ChildProcess.RunAsync("stat", ["-c", "%U %a %F", folder], cancellation)).Split(' ', 3);
        var mode = (UnixFileMode)Convert.ToInt32(words[1], 8);
        if ((words[0] == Environment.UserName || words[0] == "postgres") && (mode & OthersMayWrite) == 0 && words[2].Trim() == "directory") return;
        throw new CliProblem(
            string.Create(CultureInfo.InvariantCulture, $"{folder} is no folder of {Environment.UserName} alone: it belongs to {words[0]}, mode {words[1]}."),
            $"look at what it is; if it is nobody's, chown {Environment.UserName} {folder} && chmod 711 {folder}");
    }
}
