using WhatsOps.Cli.Local;

namespace WhatsOps.Tests.Shared;

/// <summary>One private PostgreSQL cluster, one Azurite, one Redis, one RabbitMQ, one object store and one container engine per test process, started on first use and stopped with the process.</summary>
public static class TestServers
{
    private static readonly string Home = Path.Combine(Path.GetTempPath(), $"whatsops-tests-{Environment.ProcessId}");

    // A thousand databases are copied on it, and nothing on it outlives the process: what only a crash of the machine needs is left out, and it lives in memory
    // where that is roomy (a container may have 64 MB of it). Tests that stop a server have one of their own, as it comes.
    // Three classes at once, of which some keep a hundred sessions of dying processes open, need more than the usual 200 connections.
    private static readonly string[] Hasty = ["fsync=off", "full_page_writes=off", "max_wal_size=1GB", "checkpoint_timeout=30min", "max_connections=500"];
    private static readonly string HastyHome = new DriveInfo("/dev/shm") is { IsReady: true, AvailableFreeSpace: > 6L << 30 } memory
        ? Path.Combine(memory.Name, Path.GetFileName(Home)) : Path.Combine(Home, "postgres");
    private static readonly Lazy<Task<LocalPostgres>> SharedPostgres = new(StartPostgresAsync);
    private static readonly Lazy<Task<LocalPostgres>> SharedDurablePostgres = new(() => OwnPostgresAsync("durable"));
    private static readonly Lazy<Task<LocalAzurite>> SharedAzurite = new(StartAzuriteAsync);
    private static readonly Lazy<Task<LocalRedis>> SharedRedis = new(StartRedisAsync);
    private static readonly Lazy<Task<LocalRabbitMq>> SharedRabbitMq = new(StartRabbitMqAsync);
    private static readonly Lazy<Task<LocalObjects>> SharedObjects = new(StartObjectsAsync);
    private static readonly Lazy<Task<LocalContainers>> SharedContainers = new(StartContainersAsync);

    static TestServers() => AppDomain.CurrentDomain.ProcessExit += (_, _) => Stop();

    public static Task<LocalPostgres> PostgresAsync() => SharedPostgres.Value;

    /// <summary>One that survives a crash of its machine, as a user's does: for measuring.</summary>
    public static Task<LocalPostgres> DurablePostgresAsync() => SharedDurablePostgres.Value;

    public static Task<LocalAzurite> AzuriteAsync() => SharedAzurite.Value;

    public static Task<LocalRedis> RedisAsync() => SharedRedis.Value;

    public static Task<LocalRabbitMq> RabbitMqAsync() => SharedRabbitMq.Value;

    public static Task<LocalObjects> ObjectsAsync() => SharedObjects.Value;

    public static Task<LocalContainers> ContainersAsync() => SharedContainers.Value;

    /// <summary>A cluster of the caller's own, for tests that stop or restart the server, or set it up otherwise. Dispose it.</summary>
    public static async Task<LocalPostgres> OwnPostgresAsync(string name, params string[] settings)
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, blobs: false);
        return await LocalPostgres.StartAsync(Path.Combine(Home, name), CancellationToken.None, deleteOnStop: true, settings);
    }

    /// <summary>An Azurite of the caller's own, for tests that stop it. Dispose it.</summary>
    /// <param name="port">The port of one that was stopped, whose data this one goes on with.</param>
    public static async Task<LocalAzurite> OwnAzuriteAsync(string name, int? port = null)
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false);
        return await LocalAzurite.StartAsync(Path.Combine(Home, name), Prerequisites.Tools(Repository.Root), CancellationToken.None, port: port);
    }

    /// <summary>A Prometheus of the caller's own. Dispose it.</summary>
    /// <param name="settings">Its configuration file.</param>
    public static async Task<LocalPrometheus> OwnPrometheusAsync(string settings)
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, prometheus: true);
        return await LocalPrometheus.StartAsync(Path.Combine(Home, $"prometheus-{Guid.NewGuid():N}"), settings, CancellationToken.None);
    }

    /// <summary>An Alertmanager of the caller's own. Dispose it.</summary>
    /// <param name="settings">Its configuration file.</param>
    public static async Task<LocalPrometheus> OwnAlertmanagerAsync(string settings)
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, prometheus: true);
        return await LocalPrometheus.StartAlertmanagerAsync(Path.Combine(Home, $"alertmanager-{Guid.NewGuid():N}"), settings, CancellationToken.None);
    }

    /// <summary>A node_exporter of the caller's own. Dispose it.</summary>
    public static async Task<LocalPrometheus> OwnNodeExporterAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, nodeExporter: true);
        return await LocalPrometheus.StartNodeExporterAsync(Prerequisites.NodeExporterProgram(Repository.Root), CancellationToken.None);
    }

    /// <summary>An SSH server of the caller's own. Dispose it.</summary>
    /// <param name="passwords">False: it offers keys only.</param>
    public static async Task<LocalSsh> OwnSshAsync(bool passwords)
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, ssh: true);
        return await LocalSsh.StartAsync(Path.Combine(Home, $"ssh-{Guid.NewGuid():N}"), passwords, CancellationToken.None);
    }

    /// <summary>A Redis of the caller's own, for tests that stop it or set it up otherwise. Dispose it.</summary>
    /// <param name="settings">Lines of its configuration.</param>
    public static async Task<LocalRedis> OwnRedisAsync(string settings = "")
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, redis: true);
        return await LocalRedis.StartAsync(CancellationToken.None, settings);
    }

    /// <summary>The folder of npm's tools, with Bull in it.</summary>
    public static async Task<string> BullAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, bull: true);
        return Prerequisites.Tools(Repository.Root);
    }

    private static async Task<LocalPostgres> StartPostgresAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, blobs: false);
        await Leftovers.RemoveAsync(Path.GetTempPath(), "/dev/shm");
        return await LocalPostgres.StartAsync(HastyHome, CancellationToken.None, settings: Hasty);
    }

    private static async Task<LocalAzurite> StartAzuriteAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false);
        return await LocalAzurite.StartAsync(Path.Combine(Home, "azurite"), Prerequisites.Tools(Repository.Root), CancellationToken.None);
    }

    private static async Task<LocalRedis> StartRedisAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, redis: true);
        return await LocalRedis.StartAsync(CancellationToken.None);
    }

    private static async Task<LocalRabbitMq> StartRabbitMqAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, rabbitMq: true);
        return await LocalRabbitMq.StartAsync(Path.Combine(Home, "rabbitmq"), CancellationToken.None);
    }

    private static async Task<LocalObjects> StartObjectsAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, objects: true);
        return await LocalObjects.StartAsync(Path.Combine(Home, "objects"), Prerequisites.Tools(Repository.Root), CancellationToken.None);
    }

    private static async Task<LocalContainers> StartContainersAsync()
    {
        await Prerequisites.InstallAsync(Repository.Root, Console.WriteLine, CancellationToken.None, postgres: false, blobs: false, containers: true);
        return await LocalContainers.StartAsync(Path.Combine(Home, "containers"), CancellationToken.None);
    }

    private static void Stop()
    {
        End(SharedObjects, objects => objects.DisposeAsync());
        End(SharedContainers, containers => containers.DisposeAsync());
        End(SharedRabbitMq, rabbitMq => rabbitMq.DisposeAsync());
        End(SharedRedis, redis => redis.DisposeAsync());
        // Nothing of it is kept, so nothing need be written back; the test runner ends a program that takes more than 10 seconds to leave.
        End(SharedPostgres, postgres => new(postgres.StopServerAsync("immediate", CancellationToken.None)));
        End(SharedDurablePostgres, postgres => new(postgres.StopServerAsync("immediate", CancellationToken.None)));
        End(SharedAzurite, azurite => azurite.DisposeAsync());
        foreach (var folder in (string[])[HastyHome, Home]) SlowDeletion.Start(folder);
    }

    // What does not stop is said, not thrown: a test program that ends by an exception has no counts.
    private static void End<T>(Lazy<Task<T>> server, Func<T, ValueTask> stop)
    {
        if (!server.IsValueCreated) return;
        try
        {
            stop(server.Value.GetAwaiter().GetResult()).AsTask().GetAwaiter().GetResult();
        }
        catch (Exception problem) when (problem is InvalidOperationException or IOException or TimeoutException)
        {
            Console.Error.WriteLine($"{typeof(T).Name} did not stop: {problem.Message}");
        }
    }
}
