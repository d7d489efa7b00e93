using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <summary>One event from its encrypted body to its next standing.</summary>
internal sealed class DeliveryAttempt(DeliveryClient client, EventDataKeys keys, RetrySchedule schedule, TimeProvider time, ILogger<DeliveryAttempt> log)
{
    /// <returns>Where the event stands now, and whether the product did well; null when it was not asked.</returns>
    public async Task<(DeliveryStanding After, bool? IsWell)> MakeAsync(FleetSystem system, DeliveryLane lane, OwedEvent owed, CancellationToken cancellation)
    {
        if (await BodyAsync(lane, owed, cancellation) is not { } body)
            return (owed.Standing with { State = DeliveryStanding.Dead, LastError = DeliveryRetention.BodyGone }, null);
        using var span = Traces.Start("webhook", "deliver", ActivityKind.Producer, owed.Trace);
        var answer = await client.SendAsync(system.Webhook, lane.Tenant, owed, body, cancellation);
        var now = time.GetUtcNow();
        var after = schedule.After(owed.Standing, answer, now);
        Measure(system.Name, owed, answer, after, now);
        span?.SetTag("whatsops.system", system.Name).SetTag("whatsops.tenant", lane.Tenant).SetTag("whatsops.outcome", Words(answer.Verdict)).SetTag("http.response.status_code", answer.Status);
        if (after.State == DeliveryStanding.Dead)
            log.LogError("Event {Id} of {System}/{Tenant} is given up after {Attempts} attempts: {Error}", owed.Id, lane.System, lane.Tenant, after.Attempts, after.LastError);
        else if (after.State == DeliveryStanding.Pending && after.Attempts == 1)
            log.LogWarning("The product of {System} did not take event {Id} of {Tenant}: {Error}", lane.System, owed.Id, lane.Tenant, after.LastError);
        return (after, answer.Verdict == DeliveryVerdict.Delivered);
    }

    private static void Measure(string system, OwedEvent owed, DeliveryAnswer answer, DeliveryStanding after, DateTimeOffset now)
    {
        Metrics.Attempt(system, Words(answer.Verdict));
        if (after.State == DeliveryStanding.Dead) Metrics.Dead(system);
        if (after.State == DeliveryStanding.Delivered) Metrics.Delivered(system, now - owed.OwedSince);
    }

    private static string Words(DeliveryVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private async Task<byte[]?> BodyAsync(DeliveryLane lane, OwedEvent owed, CancellationToken cancellation)
    {
        if (owed.Body is null) return null;
        var cipher = await keys.ForDayAsync(DateOnly.FromDateTime(owed.ReceivedAt.UtcDateTime), cancellation);
        try
        {
            return cipher.Decrypt(owed.Body, lane.System, lane.Tenant, owed.Id);
        }
        catch (CryptographicException)
        {
            // The day's key is gone, and the body with it.
            return null;
        }
    }
}
