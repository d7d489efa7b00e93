using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Leases lanes that have something due and serves them side by side. Several may do so at once, in one process or many.</summary>
internal sealed class DeliverySender(
    DeliveryLanes lanes, LaneService service, DeliverySignal signal, IFleet fleet, DeliveryOptions options, TimeProvider time, ILogger<DeliverySender> log) : IDisposable
{
    private readonly SemaphoreSlim _room = new(options.InAll);

    /// <summary>Serves what is due until nothing is. Another caller's lanes are not waited for.</summary>
    /// <param name="patience">No lane is begun after this time; the next call goes on.</param>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellation)
    {
        var end = time.GetUtcNow() + patience;
        while (time.GetUtcNow() < end && await BeginAsync(cancellation) is { Count: > 0 } begun) await Task.WhenAll(begun);
    }

    /// <summary>Begins as many lanes as there are room and work for. A lane that ends raises the signal: another may be due by then.</summary>
    public async Task<IReadOnlyList<Task>> BeginAsync(CancellationToken cancellation)
    {
        var systems = (await fleet.CurrentAsync(cancellation))?.Document.Systems.Where(system => system.Webhook.Forwards()).ToDictionary(system => system.Name, StringComparer.Ordinal);
        if (systems is not { Count: > 0 }) return [];
        var room = 0;
        while (room < options.InAll && await _room.WaitAsync(0, CancellationToken.None)) room++;
        var used = 0;
        try
        {
            if (room == 0) return [];
            var now = time.GetUtcNow();
            var leased = await lanes.LeaseAsync(systems.Keys, Guid.CreateVersion7(now), now, room, cancellation);
            used = leased.Count;
            return [.. leased.Select(lane => ServeAsync(systems[lane.System], lane, cancellation))];
        }
        finally
        {
            if (room > used) _room.Release(room - used);
        }
    }

    public void Dispose() => _room.Dispose();

    private async Task ServeAsync(FleetSystem system, DeliveryLane lane, CancellationToken cancellation)
    {
        try
        {
            await service.ServeAsync(system, lane, cancellation);
        }
        catch (Exception problem)
        {
            // The database, most likely: the lease runs out and somebody tries again.
            log.LogWarning("The lane of {System}/{Tenant} could not be served: {Problem}", lane.System, lane.Tenant, problem.Message);
        }
        finally
        {
            _room.Release();
            signal.Raise();
        }
    }
}
