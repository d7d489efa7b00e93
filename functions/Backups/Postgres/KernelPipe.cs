using System.IO.Pipes;
using System.Runtime.InteropServices;

namespace WhatsOps.Backups;

/// <summary>
/// Gives the pipe of a program more room than the kernel's 64 KB, so that it writes on while a piece is compressed: a pg_dump that waits for room costs a third of a backup's time.
/// </summary>
internal static class KernelPipe
{
    // F_SETPIPE_SZ of Linux. 1 MB is the most that everybody may have (/proc/sys/fs/pipe-max-size).
    private const int SetSize = 1031;
    private const int Room = 1024 * 1024;

    /// <summary>Where the kernel refuses, or is another, the pipe stays as it is: slower, not wrong.</summary>
    public static void Enlarge(Stream output)
    {
        if (OperatingSystem.IsLinux() && output is PipeStream pipe) _ = FileControl(pipe.SafePipeHandle, SetSize, Room);
    }

    [DllImport("libc", EntryPoint = "fcntl"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int FileControl(SafeHandle file, int command, int argument);
}
