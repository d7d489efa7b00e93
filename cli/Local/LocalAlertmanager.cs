using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A private Alertmanager, alone, on a free loopback port.</summary>
public sealed class LocalAlertmanager : IAsyncDisposable
{
    private readonly Process _process;

    private LocalAlertmanager(Process process, int port) => (_process, Port) = (process, port);

    public int Port { get; }

    /// <param name="settings">Its configuration file.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or refuses the settings.</exception>
    public static async Task<LocalAlertmanager> StartAsync(string folder, string settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (file, port) = (Path.Combine(folder, "alertmanager.yml"), FreePort.Next());
        PrivateFile.Write(file, settings);
        // Without an address for its peers it makes no cluster.
        return new(await LocalServer.StartAsync(
            "prometheus-alertmanager", [$"--config.file={file}", $"--storage.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error"],
            port, cancellation), port);
    }

    // Nothing of it is kept.
    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);
}
