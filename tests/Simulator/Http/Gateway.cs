using WhatsOps.Simulator.Control;
using WhatsOps.Simulator.Faults;
using WhatsOps.Simulator.Instances;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.Http;

/// <summary>The parts of one simulated gateway, made once and handed to every route.</summary>
internal sealed class Gateway : IDisposable
{
    public Gateway(SimulatorOptions options)
    {
        Options = options;
        ApiKey = options.ApiKey;
        Clock = new SimulatorClock(options.TimeProvider, options.TimeScale);
        Random = new SimulatorRandom(options.RandomSeed);
        Faults = new FaultRegistry(Random);
        Calls = new CallLog(options.CallLogFile);
        Instances = new InstanceStore(options, Clock, Random);
        Webhooks = new WebhookSender(options, Clock, Random, Faults);
        Connections = new ConnectionDriver(options, Clock, Random, Webhooks);
        Remover = new InstanceRemover(this);
        foreach (var seed in options.Instances) Instances.Seed(seed);
    }

    public SimulatorOptions Options { get; }
    public SimulatorClock Clock { get; }
    public SimulatorRandom Random { get; }
    public FaultRegistry Faults { get; }
    public CallLog Calls { get; }
    public InstanceStore Instances { get; }
    public WebhookSender Webhooks { get; }
    public ConnectionDriver Connections { get; }
    public InstanceRemover Remover { get; }

    /// <summary>The global key in force.</summary>
    public string ApiKey { get; set; }

    /// <summary>While true, the process is down: connections are cut.</summary>
    public bool Down { get; set; }

    /// <summary>Ends with the life of the simulated process: at a restart and at the end.</summary>
    public CancellationTokenSource Life { get; private set; } = new();

    public void BeginNewLife()
    {
        Life.Cancel();
        Life = new CancellationTokenSource();
    }

    public void Dispose()
    {
        Life.Cancel();
        foreach (var instance in Instances.All) ConnectionDriver.Stop(instance);
        Webhooks.Dispose();
        Calls.Dispose();
    }
}
