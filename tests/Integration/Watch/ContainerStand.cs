using WhatsOps.Cli.Local;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A real container whose files are written as a test wants, and looks at it by a watch of its own database.</summary>
internal sealed class ContainerStand : IAsyncDisposable
{
    private readonly string name = $"files-{Guid.NewGuid():N}";
    private readonly LocalContainers engine;

    private ContainerStand(LocalContainers engine, WatchWorld world) => (this.engine, World) = (engine, world);

    public WatchWorld World { get; }

    public ContainerReference Container => new() { Container = name, Engine = engine.Engine };

    public string Engine => engine.Engine;

    /// <param name="options">More options of <c>podman run</c>.</param>
    public static async Task<ContainerStand> StartAsync(string script, params string[] options)
    {
        var stand = new ContainerStand(await TestServers.ContainersAsync(), await WatchWorld.StartAsync(new()));
        await stand.engine.StartAsync(stand.name, options, $"export PATH=/bin; {script}; busybox touch /made; busybox sleep 1000", default);
        await stand.DoAsync("until [ -e /made ]; do busybox sleep 0.05; done");
        return stand;
    }

    /// <summary>Runs a script of busybox' shell in it.</summary>
    public Task DoAsync(string script) => engine.ExecAsync(name, $"export PATH=/bin; {script}", default);

    public Task<string> PodmanAsync(params string[] arguments) => engine.RunAsync(arguments, default);

    /// <summary>The only look at what the fleet file names.</summary>
    public Task<Reading> ReadAsync(WatchOptions watch) =>
        World.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem { Name = WatchWorld.System, Kind = "bot", Watch = watch })).Single().ReadAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", "--volumes", name], default);
        await World.DisposeAsync();
    }
}
