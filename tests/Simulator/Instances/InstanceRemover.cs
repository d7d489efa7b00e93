using WhatsOps.Simulator.Http;

namespace WhatsOps.Simulator.Instances;

/// <summary>
/// The asynchronous removal after a delete. The row lives until the REMOVE_INSTANCE webhook is delivered or its whole retry
/// schedule is over; a restart of the gateway forgets the removal, and the instance comes back.
/// </summary>
internal sealed class InstanceRemover(Gateway gateway)
{
    private int ghosts;

    /// <summary>Deleted instances that still try to reach WhatsApp; only a restart ends them.</summary>
    public int Ghosts => Volatile.Read(ref ghosts);

    public void Begin(Instance instance)
    {
        // Only an instance in memory has anything to say.
        if (!instance.Loaded)
        {
            _ = Finish(instance, Task.CompletedTask, false, gateway.Life.Token);
            return;
        }
        var storming = gateway.Connections.Seen(instance) == WhatsAppReachability.Refused && instance.Connection is not null;
        _ = gateway.Webhooks.Emit(instance, "instance.delete", new { instanceName = instance.Name, instanceId = instance.Id });
        var told = gateway.Webhooks.Emit(instance, "remove.instance", null);
        if (instance.State != InstanceState.Close)
            gateway.Connections.Close(instance, 401, Disconnection.LoggedOut(instance.Name, gateway.Clock.Now));
        _ = Finish(instance, told, storming, gateway.Life.Token);
    }

    /// <summary>What a failed create does: no event, the row is simply gone.</summary>
    public void RemoveNow(Instance instance)
    {
        instance.Deleted = true;
        ConnectionDriver.Stop(instance);
        gateway.Instances.Remove(instance);
    }

    public void ForgetGhosts() => Interlocked.Exchange(ref ghosts, 0);

    private async Task Finish(Instance instance, Task told, bool storming, CancellationToken life)
    {
        try
        {
            await told;
            await gateway.Clock.DelayReal(gateway.Options.RemovalTime, life);
            life.ThrowIfCancellationRequested();
            if (instance.Deleted) return;
            if (storming) Interlocked.Increment(ref ghosts);
            RemoveNow(instance);
        }
        catch (OperationCanceledException)
        {
            // Restarted meanwhile: nobody remembers that this row was to go.
        }
    }
}
