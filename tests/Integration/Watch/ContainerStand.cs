using WhatsOps.Cli.Local;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A real container for a class of tests, whose files are written as they want, and looks at it by a watch of its own database.</summary>
public sealed class ContainerStand : IAsyncLifetime
{
    private const string Script = "export PATH=/bin; busybox head -c 3000000 /dev/zero > /data/file; busybox mkdir /app; busybox touch /made; busybox sleep 1000";
    private readonly string name = $"files-{Guid.NewGuid():N}";
    private LocalContainers engine = null!;

    internal WatchWorld World { get; private set; } = null!;

    public string Volume => $"{name}-public";

    internal ContainerReference Container => new() { Container = name, Engine = engine.Engine };

    public string Engine => engine.Engine;

    public async ValueTask InitializeAsync()
    {
        engine = await TestServers.ContainersAsync();
        World = await WatchWorld.StartAsync(new());
        await engine.StartAsync(
            name, ["-v", $"{Volume}:/data", "-e", "TZ=America/Sao_Paulo", "-e", "POSTGRES_PASSWORD=changeme", "-e", "API_KEY=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b"], Script, default);
        await DoAsync("until [ -e /made ]; do busybox sleep 0.05; done");
    }

    /// <summary>Runs a script of busybox' shell in it.</summary>
    public Task DoAsync(string script) => engine.ExecAsync(name, $"export PATH=/bin; {script}", default);

    /// <summary>The only look at what the fleet file names.</summary>
    internal Task<Reading> ReadAsync(WatchOptions watch) =>
        World.GetAll<IProbe>().SelectMany(probe => probe.LooksAt(new FleetSystem { Name = WatchWorld.System, Kind = "bot", Watch = watch })).Single().ReadAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", name], default);
        await engine.RunAsync(["volume", "rm", "--force", Volume], default);
        await World.DisposeAsync();
    }
}
