using System.Diagnostics;
using System.Security.Cryptography;

namespace WhatsOps.Cli.Local;

/// <summary>A private Redis on a free loopback port, with a password, that keeps nothing on disk.</summary>
public sealed class LocalRedis : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly Process _process;

    private LocalRedis(Process process, int port, string password) => (_process, Port, Password) = (process, port, password);

    public int Port { get; }

    public string Password { get; }

    /// <summary>Configuration of StackExchange.Redis.</summary>
    public string ConnectionString => $"127.0.0.1:{Port},password={Password}";

    /// <param name="settings">Lines of configuration that come after the usual ones, and win.</param>
    public static async Task<LocalRedis> StartAsync(CancellationToken cancellation, string settings = "")
    {
        var (port, password) = (FreePort.Next(), Convert.ToHexString(RandomNumberGenerator.GetBytes(16)));
        // The configuration comes through standard input: arguments can be read by every user of the machine.
        var start = new ProcessStartInfo("redis-server", "-") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, WorkingDirectory = Path.GetTempPath() };
        var process = ChildProcess.Start(start);
        process.OutputDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        await process.StandardInput.WriteAsync($"port {port}\nbind 127.0.0.1\nrequirepass {password}\nsave \"\"\nappendonly no\n{settings}\n");
        process.StandardInput.Close();
        await LocalServer.UntilListensAsync(process, port, Patience, cancellation);
        return new(process, port, password);
    }

    // Nothing of it is kept.
    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);
}
