using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator;

/// <summary>
/// A gateway that behaves as Evolution API v2.3.6 does (or v1.8, by <see cref="SimulatorOptions.Version"/>), in memory, on loopback.
/// Many of them fit into one process. Names are exact; an unknown one is an <see cref="ArgumentException"/>.
/// </summary>
public sealed class EvolutionSimulator : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Gateway gateway;
    private readonly TrafficGenerator traffic;

    private EvolutionSimulator(SimulatorOptions options)
    {
        gateway = new Gateway(options);
        traffic = new TrafficGenerator(gateway);
        app = Listener.Create(options.Url, new GatewayHandler(gateway).Handle, new ControlRoutes(this).Handle);
    }

    /// <summary>Where it listens, without a slash at the end.</summary>
    public string Url { get; private set; } = "";

    /// <summary>The global key in force; setting it is an operator who changed the key.</summary>
    public string ApiKey
    {
        get => gateway.ApiKey;
        set => gateway.ApiKey = value;
    }

    /// <summary>Every call received, in order of arrival.</summary>
    public IReadOnlyCollection<Call> Calls => gateway.Calls.All;

    /// <summary>Every attempt to deliver a webhook, in order of completion; the newest 200,000.</summary>
    public IReadOnlyCollection<Delivery> Deliveries => gateway.Webhooks.Deliveries;

    /// <summary>Webhooks under way or waiting for their next attempt.</summary>
    public int PendingDeliveries => gateway.Webhooks.Pending;

    /// <summary>Instances deleted while WhatsApp was unreachable: they go on reconnecting, unseen by the API, until a restart.</summary>
    public int Ghosts => gateway.Remover.Ghosts;

    /// <summary>messages.upsert events made by <see cref="StartTraffic"/>.</summary>
    public long MessagesSent => traffic.Sent;

    /// <summary>The truth about every row.</summary>
    public IReadOnlyList<InstanceView> Instances => [.. gateway.Instances.All.Select(InstanceView.Of)];

    public static async Task<EvolutionSimulator> StartAsync(SimulatorOptions? options = null, CancellationToken cancellationToken = default)
    {
        var simulator = new EvolutionSimulator(options ?? new SimulatorOptions());
        await simulator.app.StartAsync(cancellationToken);
        simulator.Url = simulator.app.Urls.First().TrimEnd('/');
        simulator.gateway.Webhooks.ServerUrl = simulator.gateway.Options.ServerUrl ?? simulator.Url;
        return simulator;
    }

    /// <summary>Adds an instance without any event.</summary>
    public void Seed(InstanceSeed seed) => gateway.Instances.Seed(seed);

    public void Seed(IEnumerable<InstanceSeed> seeds)
    {
        foreach (var seed in seeds) Seed(seed);
    }

    /// <summary>The truth about one row, or null.</summary>
    public InstanceView? Find(string name) => gateway.Instances.Find(name) is { } instance ? InstanceView.Of(instance) : null;

    /// <summary>A phone reads the QR code that is shown; ends when the instance is open.</summary>
    /// <exception cref="InvalidOperationException">No QR code is shown.</exception>
    public Task ScanAsync(string name, string number = "5511999990000", string profileName = "Simulated phone") =>
        gateway.Connections.Scan(Known(name), number, profileName);

    /// <summary>WhatsApp ends the session: 401 removed device, 402, 403 banned, 406. Told by status.instance, logout.instance and close.</summary>
    public void Kick(string name, int code = 401) =>
        gateway.Connections.Close(Known(name), code, Disconnection.Kicked(code, gateway.Clock.Now));

    /// <summary>A transient loss of connection: "connecting", then "open".</summary>
    public void Drop(string name) => gateway.Connections.Drop(Known(name));

    /// <summary>Makes fetchInstances tell this state until the instance really changes.</summary>
    public void Lie(string name, string connectionStatus) => Change(name, instance => instance.ConnectionStatus = connectionStatus);

    /// <summary>open, but dead: no webhooks; logout, restart and delete answer success and do nothing. Only <see cref="RestartAsync"/> heals it.</summary>
    public void SetZombie(string name, bool zombie = true) => Change(name, instance => instance.Zombie = zombie);

    /// <summary>Unloads an instance from memory while its row stays, or loads it again.</summary>
    public void SetLoaded(string name, bool loaded) => Change(name, instance => instance.Loaded = loaded);

    /// <summary>Cuts the whole gateway off from WhatsApp, or connects it again.</summary>
    public void SetWhatsAppReachable(WhatsAppReachability reachability) =>
        gateway.Connections.Reach(reachability, gateway.Instances.All);

    /// <summary>The same for one instance, so that some storm while others work.</summary>
    public void SetWhatsAppReachable(WhatsAppReachability reachability, string name) => gateway.Connections.Reach(reachability, Known(name));

    /// <summary>Makes the gateway misbehave; returns the id for <see cref="ClearFaults"/>.</summary>
    public string SetFault(Fault fault) => gateway.Faults.Add(fault);

    /// <summary>Removes one fault, or all.</summary>
    public void ClearFaults(string? id = null) => gateway.Faults.Clear(id);

    /// <summary>
    /// Restarts the gateway's process: calls under way are cut, retries and removals under way are forgotten, and for
    /// <see cref="SimulatorOptions.LoadTime"/> no instance is in memory. Then paired instances open again, all others show QR codes.
    /// </summary>
    /// <param name="down">Real time during which connections are cut.</param>
    public Task RestartAsync(TimeSpan down = default) => new GatewayRestart(gateway).Run(down);

    /// <summary>Customers write to every open instance at this rate, in real time, until <see cref="StopTraffic"/>.</summary>
    public void StartTraffic(double perInstancePerSecond, string text = "Bom dia, qual o horário de hoje?") =>
        traffic.Start(perInstancePerSecond, text);

    /// <summary>A customer writes one message: stored, and told by messages.upsert unless a fault keeps the webhook back.</summary>
    public void Receive(string name, string text = "Olá") => traffic.Send(Known(name), text);

    public void StopTraffic() => traffic.Stop();

    public async ValueTask DisposeAsync()
    {
        traffic.Dispose();
        gateway.Dispose();
        // Calls that hang by a fault end with the life of the gateway; nothing is worth a graceful wait.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await app.StopAsync(now.Token);
        await app.DisposeAsync();
    }

    /// <summary>Ends when the process is told to stop.</summary>
    internal Task WaitForShutdownAsync() => app.WaitForShutdownAsync();

    private Instance Known(string name) =>
        gateway.Instances.Find(name) ?? throw new ArgumentException($"No instance is named {name}.", nameof(name));

    private void Change(string name, Action<Instance> change)
    {
        var instance = Known(name);
        lock (instance)
        {
            change(instance);
            instance.Touch(gateway.Clock.Now);
        }
    }
}
