using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// Empties the outbox, route by route, in order, at each channel's pace. At least once: a message whose answer was lost is sent again
/// under the same id. A failing route waits longer and longer; after <see cref="MaxAttempts"/> the message at its head is given up.
/// </summary>
internal sealed class AlertSender(
    AlertOutbox outbox, IFleet fleet, IEnumerable<IAlertChannel> channels, AcknowledgeLinks links, DeadRoutes dead, TimeProvider time, ILogger<AlertSender> log)
{
    /// <summary>With waits of at most ten minutes, about two and a half hours.</summary>
    public const int MaxAttempts = 20;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    /// <param name="patience">Stops starting messages after this time; the next call goes on.</param>
    public async Task DrainAsync(TimeSpan patience, CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return;
        var end = time.GetUtcNow() + patience;
        await outbox.TrimAsync(time.GetUtcNow() - Keep, cancellation);
        await links.TrimAsync(cancellation);
        var waiting = await outbox.RoutesWaitingAsync(cancellation);
        await Task.WhenAll(waiting.Select(name => DrainRouteAsync(name, version.Document.Alerts, end, cancellation)));
        await dead.TendAsync(version.Document, cancellation);
    }

    private async Task DrainRouteAsync(string name, AlertSettings alerts, DateTimeOffset end, CancellationToken cancellation)
    {
        var owner = Guid.CreateVersion7(time.GetUtcNow());
        if (await outbox.LeaseAsync(name, owner, time.GetUtcNow(), time.GetUtcNow() + Lease, cancellation) is not { } nextSend) return;
        try
        {
            while (true)
            {
                var wait = nextSend - time.GetUtcNow();
                if (time.GetUtcNow() + (wait > TimeSpan.Zero ? wait : TimeSpan.Zero) > end) return;
                if (wait > TimeSpan.Zero) await Task.Delay(wait, time, cancellation);
                if (await outbox.NextAsync(name, cancellation) is not { } message) return;
                // Fencing: who lost the lease while waiting must not send.
                if (await outbox.LeaseAsync(name, owner, time.GetUtcNow(), time.GetUtcNow() + Lease, cancellation) is null) return;
                nextSend = time.GetUtcNow() + await SendAsync(name, alerts, message, cancellation);
            }
        }
        finally
        {
            await outbox.ReleaseAsync(name, owner, nextSend, CancellationToken.None);
        }
    }

    /// <summary>How long the route must wait now.</summary>
    private async Task<TimeSpan> SendAsync(string name, AlertSettings alerts, AlertOutbox.Waiting message, CancellationToken cancellation)
    {
        if (alerts.Routes.FirstOrDefault(candidate => candidate.Name == name) is not { } route || channels.FirstOrDefault(candidate => candidate.Kind == route.Kind) is not { } channel)
        {
            await outbox.AttemptedAsync(name, message, "the fleet has no such route any more", true, time.GetUtcNow(), cancellation);
            return TimeSpan.Zero;
        }

        var text = channel.CarriesLinks ? await links.AddAsync(message.Message, name, alerts.PublicUrl, cancellation) : message.Message;
        var result = await channel.SendAsync(new(route, message.Id, text), cancellation);
        var isDead = result.Error is not null && message.Attempts + 1 >= MaxAttempts;
        await outbox.AttemptedAsync(name, message, result.Error, isDead, time.GetUtcNow(), cancellation);
        if (result.Error is null) return channel.Pause;
        log.Log(isDead ? LogLevel.Error : LogLevel.Warning,
            "Alert {Id} was not delivered to route {Route}: {Error} (attempt {Attempt}{Last})", message.Id, name, result.Error, message.Attempts + 1, isDead ? ", given up" : "");
        if (isDead) return channel.Pause;
        return result.RetryAfter ?? TimeSpan.FromSeconds(Math.Min(FirstWait.TotalSeconds * Math.Pow(2, message.Attempts), LongestWait.TotalSeconds));
    }
}
