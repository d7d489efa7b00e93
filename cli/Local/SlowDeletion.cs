using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>
/// Deletes a folder of many files without keeping anybody waiting: a cluster with a hundred test databases is 30,000 files,
/// which takes minutes on a disk mounted with discard. The folder's name is free at once.
/// </summary>
public static class SlowDeletion
{
    private const string Suffix = ".deleting";

    public static void Start(string folder)
    {
        if (!Directory.Exists(folder)) return;
        var doomed = folder.EndsWith(Suffix, StringComparison.Ordinal) ? folder : folder + Suffix;
        if (doomed != folder) Directory.Move(folder, doomed);
        if (OperatingSystem.IsWindows())
        {
            Directory.Delete(doomed, recursive: true);
            return;
        }

        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "nohup rm -rf \"$1\" </dev/null >/dev/null 2>&1 &", "sh", doomed]) start.ArgumentList.Add(argument);
        using var shell = Process.Start(start);
        shell?.WaitForExit();
    }
}
