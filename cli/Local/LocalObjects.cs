using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>A private S3-compatible object store on a free loopback port: s3rver from npm, with one bucket. It knows one access key and refuses others; a wrong secret it does not notice.</summary>
public sealed class LocalObjects : IAsyncDisposable
{
    /// <summary>Both the access key and the secret key: s3rver knows no other.</summary>
    public const string Key = "S3RVER";

    public const string Bucket = "media";

    private readonly Process _process;

    private LocalObjects(Process process, string endpoint) => (_process, Endpoint) = (process, endpoint);

    public string Endpoint { get; }

    public static async Task<LocalObjects> StartAsync(string folder, string tools, CancellationToken cancellation)
    {
        Directory.CreateDirectory(folder);
        var port = FreePort.Next();
        var process = await LocalServer.StartAsync("node",
            [Path.Combine(tools, "node_modules", "s3rver", "bin", "s3rver.js"), "--address", "127.0.0.1", "--port", $"{port}", "--directory", folder, "--configure-bucket", Bucket, "--silent"],
            port, cancellation);
        return new(process, $"http://127.0.0.1:{port}");
    }

    public async ValueTask DisposeAsync() => await LocalServer.KillAsync(_process);
}
