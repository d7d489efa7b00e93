using WhatsOps.Cli.Local;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A container of a test's own, not started yet, and looks at it as the watch makes them.</summary>
public abstract class WatchedContainer : IAsyncLifetime
{
    private TestDatabase _database = null!;

    private protected ContainerHost Host { get; } = new();

    private protected string Name { get; } = $"watched-{Guid.NewGuid():N}";

    private protected LocalContainers Engine { get; private set; } = null!;

    private protected ContainerTarget Target => new() { Name = "api", Container = new() { Container = Name, Engine = Engine.Engine } };

    public virtual async ValueTask InitializeAsync()
    {
        Engine = await TestServers.ContainersAsync();
        _database = await Databases.OperationsAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        Host.Dispose();
        await _database.DisposeAsync();
        await Engine.RunAsync(["rm", "--force", "--ignore", "--time", "0", Name], default);
    }

    private protected Task StartAsync(string script, params string[] options) => Engine.StartAsync(Name, options, $"export PATH=/bin; {script}", default);

    // A probe of its own each time, as another process has one.
    private protected Look LookAt(ContainerTarget target, TimeProvider time) =>
        new ContainerProbe(Host, new ContainerLogs(Host, new LogCursors(_database.DataSource), new LogTallies(_database.DataSource), time), time)
            .LooksAt(new() { Name = "chat", Kind = "taktchat", Watch = new() { Containers = [target] } }).Single();

    private protected Task<Reading> ReadAsync(ContainerTarget target, TimeProvider? time = null) => LookAt(target, time ?? TimeProvider.System).ReadAsync(default);
}
