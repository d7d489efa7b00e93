using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>A restart of the gateway's process: the database stays, the memory does not.</summary>
internal sealed class GatewayRestart(Gateway gateway)
{
    public async Task Run(TimeSpan down)
    {
        gateway.Down = true;
        gateway.BeginNewLife();
        gateway.Webhooks.ForgetAll();
        gateway.Remover.ForgetGhosts();
        foreach (var instance in gateway.Instances.All) Forget(instance);
        var life = gateway.Life.Token;
        await gateway.Clock.DelayReal(down, CancellationToken.None);
        gateway.Down = false;
        _ = Load(life);
    }

    private static void Forget(Instance instance)
    {
        ConnectionDriver.Stop(instance);
        lock (instance)
        {
            instance.Loaded = false;
            instance.State = InstanceState.Close;
            instance.Qr = null;
            instance.QrCount = 0;
            instance.PhoneNumber = null;
            instance.Wuid = null;
            instance.HasClient = false;
            instance.Zombie = false;
        }
    }

    // Never-connected and logged-out instances, too, start to connect and show QR codes.
    private async Task Load(CancellationToken life)
    {
        try
        {
            await gateway.Clock.Delay(gateway.Options.LoadTime, life);
            foreach (var instance in gateway.Instances.All)
            {
                lock (instance) instance.Loaded = true;
                gateway.Connections.Start(instance);
            }
        }
        catch (OperationCanceledException)
        {
            // Restarted again before everything was loaded.
        }
    }
}
