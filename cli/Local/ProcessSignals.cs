using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WhatsOps.Cli.Local;

/// <summary>Asks a process to stop; .NET itself can only kill.</summary>
public static partial class ProcessSignals
{
    private const int SigTerm = 15;

    /// <summary>SIGTERM; on Windows, which has none, the process is ended.</summary>
    public static void Terminate(Process process)
    {
        if (process.HasExited) return;
        if (OperatingSystem.IsWindows()) process.Kill(entireProcessTree: true);
        else _ = Kill(process.Id, SigTerm);
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int id, int signal);
}
