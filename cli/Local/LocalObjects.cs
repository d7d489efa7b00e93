using System.Diagnostics;
using System.Net.Sockets;

namespace WhatsOps.Cli.Local;

/// <summary>A private S3-compatible object store on a free loopback port: s3rver from npm, with one bucket, which checks signatures.</summary>
public sealed class LocalObjects : IAsyncDisposable
{
    /// <summary>Both the access key and the secret key: s3rver knows no other.</summary>
    public const string Key = "S3RVER";

    public const string Bucket = "media";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Process _process;

    private LocalObjects(Process process, string endpoint) => (_process, Endpoint) = (process, endpoint);

    public string Endpoint { get; }

    public static async Task<LocalObjects> StartAsync(string folder, string tools, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var process = ChildProcess.Start("node",
            [Path.Combine(tools, "node_modules", "s3rver", "bin", "s3rver.js"), "--address", "127.0.0.1", "--port", $"{port}", "--directory", folder, "--configure-bucket", Bucket, "--silent"],
            new Dictionary<string, string>());
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        for (var clock = Stopwatch.StartNew(); !await ListensAsync(port, cancellation); await Task.Delay(50, cancellation))
            if (process.HasExited || clock.Elapsed > Patience) throw new InvalidOperationException("s3rver did not start.");
        return new(process, $"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
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
