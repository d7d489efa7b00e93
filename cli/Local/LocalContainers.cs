using System.Diagnostics;

namespace WhatsOps.Cli.Local;

/// <summary>
/// A private container engine on a free loopback port: podman, which speaks the Docker Engine API, with images and containers in a folder of its own. It has one
/// image, of busybox alone: no registry is asked.
/// </summary>
public sealed class LocalContainers : IAsyncDisposable
{
    public const string Image = "localhost/busybox:latest";

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
        Directory.CreateDirectory(bin);
        File.Copy(ChildProcess.Find("busybox") ?? throw new InvalidOperationException("busybox is missing."), Path.Combine(bin, "busybox"), overwrite: true);
        var archive = Path.Combine(folder, "image.tar");
        await ChildProcess.RunAsync("tar", ["-C", Path.Combine(folder, "image"), "-cf", archive, "bin"], cancellation);
        await containers.RunAsync(["import", "-q", archive, Image], cancellation);
        containers._service = await LocalServer.StartAsync("podman", [.. containers.Place, "system", "service", "--time", "0", $"tcp:127.0.0.1:{port}"], port, cancellation);
        return containers;
    }

    /// <summary>A container that makes these files when it starts first, and lives until it is stopped. Returns when they are made.</summary>
    public async Task CreateAsync(string name, string script, CancellationToken cancellation)
    {
        await StartAsync(name, [], $"export PATH=/bin; [ -e /made ] || {{ {script}; }}; busybox touch /made; trap 'exit 0' TERM; while true; do busybox sleep 0.2; done", cancellation);
        await ExecAsync(name, "i=0; until [ -e /made ]; do i=$((i + 1)); [ $i -lt 300 ] || exit 1; busybox sleep 0.1; done", cancellation);
    }

    /// <summary>A container that runs this script of busybox' shell.</summary>
    /// <param name="options">More options of <c>podman run</c>.</param>
    public Task StartAsync(string name, IEnumerable<string> options, string script, CancellationToken cancellation) => RunAsync(
        // Where limits are set low, runc's own are refused; without a network none has to be set up.
        ["run", "-d", "--name", name, "--ulimit", "nofile=1000:1000", "--ulimit", "nproc=1000:1000", "--network", "none", .. options, Image, "/bin/busybox", "sh", "-c", script], cancellation);

    /// <summary>What a command in the container prints.</summary>
    public Task<string> ExecAsync(string name, string script, CancellationToken cancellation) => RunAsync(["exec", name, "/bin/busybox", "sh", "-c", script], cancellation);

    /// <summary>What a command of podman prints, on this engine.</summary>
    public Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation) => ChildProcess.RunAsync("podman", [.. Place, .. arguments], cancellation);

    /// <summary>Ends the containers of a folder whose process was killed: they outlive it, and what they mounted keeps the folder from being deleted.</summary>
    public static async Task RemoveLeftoversAsync(string folder, CancellationToken cancellation)
    {
        if (!Directory.Exists(Path.Combine(folder, "root")) || !ChildProcess.Exists("podman")) return;
        try
        {
            await new LocalContainers(folder, "").RemoveAllAsync(cancellation);
        }
        catch (InvalidOperationException)
        {
            // Half deleted already: the engine does not know it any more.
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await RemoveAllAsync(CancellationToken.None);
        }
        finally
        {
            if (_service is not null) await LocalServer.KillAsync(_service);
        }
    }

    private Task RemoveAllAsync(CancellationToken cancellation) => RunAsync(["rm", "--all", "--force", "--time", "0"], cancellation);

    private string[] Place => ["--root", Path.Combine(_folder, "root"), "--runroot", Path.Combine(_folder, "run"), "--runtime", "runc", "--cgroup-manager", "cgroupfs"];
}
