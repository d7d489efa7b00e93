using System.Diagnostics;
using System.Net.Sockets;

namespace WhatsOps.Cli.Local;

/// <summary>Starts programs that listen on a loopback port, and ends them.</summary>
internal static class LocalServer
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Starts one whose output nobody needs, and waits until it listens.</summary>
    /// <param name="started">Called as soon as the process exists, before it listens.</param>
    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    /// <exception cref="TimeoutException">It does not listen in time.</exception>
    public static async Task<Process> StartAsync(
        string program, IEnumerable<string> arguments, int port, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null,
        Action<Process>? started = null)
    {
        var process = ChildProcess.Start(program, arguments, environment);
        // Read always: a full pipe would stop it.
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            started?.Invoke(process);
            await UntilListensAsync(process, port, patience ?? Patience, cancellation);
            return process;
        }
        catch
        {
            await KillAsync(process);
            throw;
        }
    }

    /// <exception cref="InvalidOperationException">It ended instead.</exception>
    /// <exception cref="TimeoutException">It does not listen in time.</exception>
    public static async Task UntilListensAsync(Process process, int port, TimeSpan patience, CancellationToken cancellation)
    {
        for (var clock = Stopwatch.StartNew(); !await ListensAsync(port, cancellation); await Task.Delay(50, cancellation))
        {
            if (process.HasExited) throw new InvalidOperationException($"{process.StartInfo.FileName} ended with {process.ExitCode} at start.");
            if (clock.Elapsed > patience) throw new TimeoutException($"{process.StartInfo.FileName} did not listen within {patience.TotalSeconds:0} seconds.");
        }
    }

    /// <summary>Ends it at once, with what it started.</summary>
    public static async Task KillAsync(Process process)
    {
        if (!process.HasExited) process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    private static async Task<bool> ListensAsync(int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, cancellation);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
