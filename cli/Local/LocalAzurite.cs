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
        (_process, DataDirectory, ConnectionString, Port, _deleteOnStop) = (process, directory, connectionString, port, deleteOnStop);
    }

    public string ConnectionString { get; }

    public int Port { get; }

    /// <summary>Where its data is.</summary>
    public string DataDirectory { get; }

    /// <summary>Starts Azurite over <paramref name="directory"/>; <paramref name="tools"/> is where <see cref="Prerequisites"/> installed it.</summary>
    /// <param name="port">Where it listens, e.g. again after it was stopped; null takes a free port.</param>
    /// <param name="started">Called as soon as the process exists, before it listens.</param>
    public static async Task<LocalAzurite> StartAsync(
        string directory, string tools, CancellationToken cancellation, bool deleteOnStop = false, int? port = null, Action<Process>? started = null)
    {
        Directory.CreateDirectory(directory);
        var keyFile = Path.Combine(directory, "account-key");
        if (!File.Exists(keyFile)) PrivateFile.Write(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)));
        var key = await File.ReadAllTextAsync(keyFile, cancellation);
        port ??= FreePort.Next();
        // The current SDK speaks a newer service version than Azurite knows: skipApiVersionCheck.
        var process = await LocalServer.StartAsync("node",
            [
                Path.Combine(tools, "node_modules", "azurite", "dist", "src", "blob", "main.js"),
                "--blobHost", "127.0.0.1", "--blobPort", $"{port}", "--location", directory,
                "--skipApiVersionCheck", "--disableTelemetry", "--silent",
            ],
            port.Value, cancellation, new Dictionary<string, string> { ["AZURITE_ACCOUNTS"] = $"{Account}:{key}" }, started: started);
        var connection = $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";
        return new LocalAzurite(process, directory, connection, port.Value, deleteOnStop);
    }

    public async ValueTask DisposeAsync()
    {
        await LocalServer.KillAsync(_process);
        if (_deleteOnStop) Directory.Delete(DataDirectory, recursive: true);
    }
}
