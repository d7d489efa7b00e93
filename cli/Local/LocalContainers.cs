using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>
/// A private container engine on a free loopback port: podman, which speaks the Docker Engine API, with images and containers in a folder of its own. It has one
/// image, of busybox alone: no registry is asked.
/// </summary>
public sealed class LocalContainers : IAsyncDisposable
{
    private const string Image = "localhost/busybox:latest";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private Process? _service;

    private LocalContainers(string folder, string engine) => (_folder, Engine) = (folder, engine);

    /// <summary>Its address, as Docker's clients take it.</summary>
    public string Engine { get; }

    public static async Task<LocalContainers> StartAsync(string folder, CancellationToken cancellation)
    {
        var port = FreePort.Next();
        var containers = new LocalContainers(folder, $"http://127.0.0.1:{port}");
        var bin = Path.Combine(folder, "image", "bin");
        System.IO.Directory.CreateDirectory(bin);
        File.Copy(ChildProcess.Find("busybox") ?? throw new InvalidOperationException("busybox is missing."), Path.Combine(bin, "busybox"), overwrite: true);
        var archive = Path.Combine(folder, "image.tar");
        await ChildProcess.RunAsync("tar", ["-C", Path.Combine(folder, "image"), "-cf", archive, "bin"], cancellation);
        await containers.RunAsync(["import", "-q", archive, Image], cancellation);
        containers._service = ChildProcess.Start("podman", [.. containers.Place, "system", "service", "--time", "0", $"tcp:127.0.0.1:{port}"], new Dictionary<string, string>());
        containers._service.OutputDataReceived += static (_, _) => { };
        containers._service.ErrorDataReceived += static (_, _) => { };
        containers._service.BeginOutputReadLine();
        containers._service.BeginErrorReadLine();
        using var client = new HttpClient();
        for (var clock = Stopwatch.StartNew(); !await AnswersAsync(client, containers.Engine, cancellation); await Task.Delay(50, cancellation))
            if (containers._service.HasExited || clock.Elapsed > Patience) throw new InvalidOperationException("podman's service did not start.");
        return containers;
    }

    /// <summary>A container that makes these files when it starts first, and lives until it is stopped.</summary>
    public Task CreateAsync(string name, string script, CancellationToken cancellation) => RunAsync(
        // Where limits are set low, runc's own are refused; without a network none has to be set up.
        ["run", "-d", "--name", name, "--ulimit", "nofile=1000:1000", "--ulimit", "nproc=1000:1000", "--network", "none", Image,
            "/bin/busybox", "sh", "-c", $"export PATH=/bin; [ -e /made ] || {{ {script}; }}; busybox touch /made; trap 'exit 0' TERM; while true; do busybox sleep 0.2; done"], cancellation);

    /// <summary>What a command in the container prints.</summary>
    public Task<string> ExecAsync(string name, string script, CancellationToken cancellation) => RunAsync(["exec", name, "/bin/busybox", "sh", "-c", script], cancellation);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await RunAsync(["rm", "--all", "--force", "--time", "0"], CancellationToken.None);
        }
        finally
        {
            if (_service is { HasExited: false }) _service.Kill();
            _service?.Dispose();
        }
    }

    private string[] Place => ["--root", Path.Combine(_folder, "root"), "--runroot", Path.Combine(_folder, "run"), "--runtime", "runc", "--cgroup-manager", "cgroupfs"];

    private Task<string> RunAsync(string[] arguments, CancellationToken cancellation) => ChildProcess.RunAsync("podman", [.. Place, .. arguments], cancellation);

    private static async Task<bool> AnswersAsync(HttpClient client, string engine, CancellationToken cancellation)
    {
        try
        {
            using var answer = await client.GetAsync($"{engine}/_ping", cancellation);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
