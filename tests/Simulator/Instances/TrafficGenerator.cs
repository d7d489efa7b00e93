using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>Customers who write: messages.upsert at a rate per open instance, in real time.</summary>
internal sealed class TrafficGenerator(Gateway gateway) : IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);
    private CancellationTokenSource? running;
    private long sent;

    /// <summary>Messages made so far, for open instances that are not zombies.</summary>
    public long Sent => Interlocked.Read(ref sent);

    public void Start(double perInstancePerSecond, string text)
    {
        Stop();
        running = new CancellationTokenSource();
        _ = Run(perInstancePerSecond, text, running.Token);
    }

    public void Stop()
    {
        running?.Cancel();
        running?.Dispose();
        running = null;
    }

    public void Dispose() => Stop();

    private async Task Run(double rate, string text, CancellationToken cancel)
    {
        var last = gateway.Clock.Now;
        var due = 0.0;
        var turn = 0;
        try
        {
            while (true)
            {
                await gateway.Clock.DelayReal(Tick, cancel);
                var now = gateway.Clock.Now;
                Instance[] open = [.. gateway.Instances.All.Where(i => i is { Loaded: true, State: InstanceState.Open, Zombie: false })];
                due += (now - last).TotalSeconds * rate * open.Length;
                last = now;
                for (; due >= 1 && open.Length > 0 && !gateway.Webhooks.Overloaded; due--) Send(open[turn++ % open.Length], text);
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }

    /// <summary>A customer writes once.</summary>
    public void Send(Instance instance, string text)
    {
        var customer = $"55119{10_000_000 + (int)(gateway.Random.NextDouble() * 80_000_000)}@s.whatsapp.net";
        var message = Messages.Received(gateway, instance, customer, text);
        lock (instance) instance.ContactCount++;
        Messages.Store(gateway, instance, message);
        Interlocked.Increment(ref sent);
        _ = gateway.Webhooks.Emit(instance, "messages.upsert", message);
    }
}
