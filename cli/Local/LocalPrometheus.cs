using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A private Prometheus on a free loopback port.</summary>
public sealed class LocalPrometheus : IAsyncDisposable
{
    private readonly Process _process;

    private LocalPrometheus(Process process, int port) => (_process, Url) = (process, $"http://127.0.0.1:{port}");

    public string Url { get; }

    /// <param name="settings">Its configuration file.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or refuses the settings.</exception>
    public static async Task<LocalPrometheus> StartAsync(string folder, string settings, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (file, port) = (Path.Combine(folder, "prometheus.yml"), FreePort.Next());
        PrivateFile.Write(file, settings);
        return new(await LocalServer.StartAsync(
            "prometheus", [$"--config.file={file}", $"--storage.tsdb.path={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"], port, cancellation), port);
    }

    // Nothing of it is kept.
    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);
}
