using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A private SSH server on a free loopback port: dropbear, with a host key of its own. Nobody can log in that could not before.</summary>
public sealed class LocalSsh : IAsyncDisposable
{
    private readonly Process _process;

    private LocalSsh(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <param name="passwords">False: it offers keys only.</param>
    public static async Task<LocalSsh> StartAsync(string folder, bool passwords, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var key = Path.Combine(folder, "host-key");
        if (!File.Exists(key)) await ChildProcess.RunAsync("dropbearkey", ["-t", "ed25519", "-f", key], cancellation);
        var port = FreePort.Next();
        return new(await LocalServer.StartAsync("dropbear", ["-F", "-E", "-r", key, "-p", $"127.0.0.1:{port}", .. passwords ? Array.Empty<string>() : ["-s"]], port, cancellation), port);
    }

    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);
}
