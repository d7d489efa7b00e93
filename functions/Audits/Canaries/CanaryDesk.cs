using Microsoft.Extensions.Logging;
using WhatsOps.Events;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>
/// Sends canaries and judges them, each in another sweep: nothing waits here. Sent is only what the fleet file allows, while nothing is paused or under
/// maintenance, and only from an instance to itself.
/// </summary>
internal sealed class CanaryDesk(
    CanaryStore store, IGateways gateways, EventTraffic traffic, IPauses pauses, TimeProvider time, ILogger<CanaryDesk> log)
{
    // The receiver may run elsewhere, and keeps milliseconds.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(5);

    /// <summary>Judges what is due, whatever the fleet file says by now, and returns the last canaries by instance, newest first.</summary>
    /// <param name="all">Every instance of the system as it is known.</param>
    public async Task<ILookup<string, Canary>> JudgeAsync(FleetSystem system, IReadOnlyList<InstanceStatus> all, CancellationToken cancellation)
    {
        var since = time.GetUtcNow() - CanaryRules.Outdated;
        var latest = await store.LatestAsync(system.Name, since, cancellation);
        Canary[] open = [.. latest.SelectMany(canaries => canaries).Where(canary => canary.JudgedAt is null)];
        if (open.Length == 0) return latest;
        await Task.WhenAll(open.Select(canary => SafelyAsync(canary, () => JudgeAsync(system, canary, all, cancellation), cancellation)));
        return await store.LatestAsync(system.Name, since, cancellation);
    }

    /// <summary>Sends what may be sent, all at once: a dead connection takes half a minute to say so, and alerts wait behind this.</summary>
    public async Task SendAsync(FleetSystem system, IReadOnlyList<InstanceStatus> suspects, ILookup<string, Canary> latest, CancellationToken cancellation)
    {
        if (system.Canary is not { Enabled: true } options || suspects.Count == 0 || await pauses.IsPausedAsync(system.Name, cancellation)) return;
        await Task.WhenAll(suspects.Select(async status =>
        {
            var now = time.GetUtcNow();
            if (MaintenanceWindows.Contain(system, status.Tenant, now)) return;
            if (status.Gateway is not { } name || system.Gateways.FirstOrDefault(gateway => gateway.Name == name) is not { } endpoint) return;
            var (pending, judged) = Of(latest[status.Instance]);
            if (CanaryRules.MayFollow(pending, judged, status, options, now) is not { } noneAfter) return;
            var canary = new Canary(Guid.CreateVersion7(now), system.Name, status.Tenant, name, status.Instance, now);
            await SafelyAsync(canary, () => SendAsync(system, endpoint, canary, options, noneAfter, cancellation), cancellation);
        }));
    }

    /// <summary>The one that is under way, and the last one that was judged.</summary>
    public static (Canary? Pending, Canary? Judged) Of(IEnumerable<Canary> latest) =>
        (latest.FirstOrDefault(canary => canary.JudgedAt is null), latest.FirstOrDefault(canary => canary.JudgedAt is not null));

    private async Task SendAsync(FleetSystem system, GatewayEndpoint endpoint, Canary canary, CanaryOptions options, DateTimeOffset noneAfter, CancellationToken cancellation)
    {
        var gateway = gateways.OpenForSweep(system, endpoint);
        if (!await store.TryClaimAsync(canary, options.PerHour, noneAfter, cancellation)) return;
        var receiver = system.Webhook.BaseUrl is { } baseUrl ? ReceiverAddress.Of(baseUrl, canary.Tenant) : null;
        var expectsEcho = CanaryRules.ExpectsEcho((await gateway.WebhookAsync(canary.Instance, cancellation)).Value, receiver);
        var message = await gateway.SendToSelfAsync(canary.Instance, options.Text, cancellation);
        await store.AnsweredAsync(canary.Id, message, expectsEcho, time.GetUtcNow(), cancellation);
    }

    private async Task JudgeAsync(FleetSystem system, Canary canary, IReadOnlyList<InstanceStatus> all, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var echo = canary.MessageId is { } id ? await traffic.EchoAsync(system.Name, canary.Tenant, id, canary.ClaimedAt - ClockSlack, cancellation) : null;
        if (echo is null && canary.Answer != SelfMessageResult.NotSent && !CanaryRules.IsDue(canary, system.Canary, now)) return;
        var facts = new CanaryFacts(
            echo,
            echo is null && canary.Answer is SelfMessageResult.Accepted or SelfMessageResult.Refused or SelfMessageResult.Unanswered ? await StateAsync(system, canary, cancellation) : null,
            all.Any(status => status.Gateway == canary.Gateway && now - status.LastEventAt <= CanaryRules.Arriving));
        await store.JudgedAsync(canary.Id, CanaryRules.Judge(canary, facts), now, cancellation);
    }

    private async Task<Observation<InstanceState>?> StateAsync(FleetSystem system, Canary canary, CancellationToken cancellation) =>
        system.Gateways.FirstOrDefault(gateway => gateway.Name == canary.Gateway) is { } endpoint
            ? await gateways.OpenForSweep(system, endpoint).StateAsync(canary.Instance, cancellation)
            : null;

    private async Task SafelyAsync(Canary canary, Func<Task> act, CancellationToken cancellation)
    {
        try
        {
            await act();
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // The next sweep goes on from the row. Messages of drivers and clients may quote what they were given.
            log.LogWarning("The canary of {System}/{Instance} failed: {Problem}", canary.System, canary.Instance, problem.GetType().Name);
        }
    }
}
