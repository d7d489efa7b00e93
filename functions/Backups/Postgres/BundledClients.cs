namespace WhatsOps.Backups;

/// <summary>
/// The client programs that came with the package in <c>tools/pg/MAJOR</c> (eng/postgres-clients puts them there), for hosts that have none of
/// their own, such as Azure Functions.
/// </summary>
internal static class BundledClients
{
    private const UnixFileMode Runnable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    private static readonly string[] Programs = ["pg_dump", "psql", Path.Combine("lib", "ld-linux-x86-64.so.2")];

    private static readonly Lock Turn = new();
    private static readonly Dictionary<string, string> Copies = new(StringComparer.Ordinal);

    /// <param name="package">Where the app itself is.</param>
    /// <returns>The folder of each major version, its programs ready to run.</returns>
    public static IReadOnlyList<string> In(string package)
    {
        var root = Path.Combine(package, "tools", "pg");
        return OperatingSystem.IsLinux() && Directory.Exists(root) ? [.. Directory.GetDirectories(root).Order(StringComparer.Ordinal).Select(Ready)] : [];
    }

    // A zip may lose the modes of its files, and a package is often mounted read-only: then a private copy runs, made once per process.
    private static string Ready(string folder)
    {
        lock (Turn)
        {
            if (Copies.TryGetValue(folder, out var copy)) return copy;
            return Programs.All(program => CanRun(Path.Combine(folder, program))) ? folder : Copies[folder] = Copy(folder);
        }
    }

    private static bool CanRun(string file) => !OperatingSystem.IsWindows() && File.Exists(file) && File.GetUnixFileMode(file).HasFlag(UnixFileMode.OtherExecute);

    private static string Copy(string folder)
    {
        var copy = Directory.CreateTempSubdirectory("whatsops-pg-").FullName;
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            var place = Path.Combine(copy, Path.GetRelativePath(folder, file));
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.Copy(file, place);
            // Every file: pg_dump complains of itself when it may not be run, although the loader runs it.
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(place, Runnable);
        }

        return copy;
    }
}
