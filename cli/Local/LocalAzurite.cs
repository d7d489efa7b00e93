using System.Diagnostics;
using System.Security.Cryptography;

namespace WhatsOps.Cli.Local;

/// <summary>Azurite's blob service on a free loopback port, with an account key of its own.</summary>
public sealed class LocalAzurite : IAsyncDisposable
{
    private const string Account = "whatsops";

    private readonly Process _process;
        private readonly bool _deleteOnStop;

    private LocalAzurite(Process process, string directory, string connectionString, int port, bool deleteOnStop)
    {
        (_process, Directory, ConnectionString, Port, _deleteOnStop) = (process, directory, connectionString, port, deleteOnStop);
    }

    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>Where its data is.</summary>
    public string Directory { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts Azurite over <paramref name="directory"/>; <paramref name="tools"/> is where <see cref="Prerequisites"/> installed it.</summary>
    /// <param name="port">Where it listens, e.g. again after it was stopped; null takes a free port.</param>
    public static async Task<LocalAzurite> StartAsync(string directory, string tools, CancellationToken cancellation, bool deleteOnStop = false, int? port = null)
    {
        System.IO.Directory.CreateDirectory(directory);
        var keyFile = Path.Combine(directory, "account-key");
        if (!File.Exists(keyFile)) await File.WriteAllTextAsync(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)), cancellation);
        var key = await File.ReadAllTextAsync(keyFile, cancellation);
        port ??= FreePort.Next();
        // The current SDK speaks a newer service version than Azurite knows: skipApiVersionCheck.
        var process = ChildProcess.Start("node",
            [
                Path.Combine(tools, "node_modules", "azurite", "dist", "src", "blob", "main.js"),
                "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", directory,
                "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            ],
            new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{key}" });
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await WaitUntilListeningAsync(process, port.Value, cancellation);
        var connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";
        return new LocalAzurite(process, directory, connection, port.Value, deleteOnStop);
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        if (_deleteOnStop) System.IO.Directory.Delete(Directory, recursive: true);
    }

    private static async Task WaitUntilListeningAsync(Process process, int port, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < 300; attempt++)
        {
            if (process.HasExited) throw new InvalidOperationException($"Azurite ended with {process.ExitCode} at start.");
            using var client = new System.Net.Sockets.TcpClient();
            try
            {
                await client.ConnectAsync("127.0.0.1", port, cancellation);
                return;
            }
            catch (System.Net.Sockets.SocketException)
            {
                await Task.Delay(100, cancellation);
            }
        }

        throw new TimeoutException("Azurite did not listen within 30 seconds.");
    }
}
