using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A private Prometheus, an Alertmanager without peers, or a node_exporter, on a free loopback port.</summary>
public sealed class LocalPrometheus : IAsyncDisposable
{
    private readonly Process _process;

    private LocalPrometheus(Process process, int port) => (_process, Url) = (process, $"http://127.0.0.1:{port}");

    public string Url { get; }

    public int ProcessId => _process.Id;

    /// <param name="settings">Its configuration file.</param>
    /// <exception cref="InvalidOperationException">It is not installed, or refuses the settings.</exception>
    public static Task<LocalPrometheus> StartAsync(string folder, string settings, CancellationToken cancellation) =>
        StartAsync("prometheus", "--storage.tsdb.path", folder, settings, [], cancellation);

    /// <summary>An Alertmanager. Without an address for its peers it makes no cluster.</summary>
    /// <inheritdoc cref="StartAsync(string, string, CancellationToken)"/>
    public static Task<LocalPrometheus> StartAlertmanagerAsync(string folder, string settings, CancellationToken cancellation) =>
        StartAsync("prometheus-alertmanager", "--storage.path", folder, settings, ["--cluster.listen-address="], cancellation);

    /// <summary>A node_exporter with its usual collectors: what it tells is of this machine.</summary>
    /// <param name="program">Its path.</param>
    /// <exception cref="InvalidOperationException">It ended at once.</exception>
    public static async Task<LocalPrometheus> StartNodeExporterAsync(string program, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        // What container engines of tests mount comes and goes.
        const string Passing = "^/(dev|proc|run|sys|tmp|var/lib)($|/)";
        return new(await LocalServer.StartAsync(
            program, [$"--collector.filesystem.mount-points-exclude={Passing}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error"], port, cancellation), port);
    }

    // Nothing of it is kept.
    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);

    private static async Task<LocalPrometheus> StartAsync(string program, string storage, string folder, string settings, string[] more, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var (file, port) = (Path.Combine(folder, $"{program}.yml"), FreePort.Next());
        PrivateFile.Write(file, settings);
        return new(await LocalServer.StartAsync(
            program, [$"--config.file={file}", $"{storage}={Path.Combine(folder, "data")}", $"--web.listen-address=127.0.0.1:{port}", "--log.level=error", .. more], port, cancellation), port);
    }
}
