using System.ComponentModel;
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

    /// <summary>Asks it to stop and waits; what does not stop in time is killed, with what it started.</summary>
    public static async Task StopAsync(Process process, TimeSpan patience, CancellationToken cancellation)
    {
        Terminate(process);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Win32Exception)
            {
                // Of another user, such as what sudo runs: it ends when its work is done.
                return;
            }

            await process.WaitForExitAsync(cancellation);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Kill(int id, int signal);
}
