using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>One event from its encrypted body to its next standing.</summary>
internal sealed class DeliveryAttempt(DeliveryClient client, EventDataKeys keys, RetrySchedule schedule, DeliveryMeter meter, TimeProvider time, ILogger<DeliveryAttempt> log)
{
    /// <returns>Where the event stands now, and whether the product did well; null when it was not asked.</returns>
    public async Task<(DeliveryStanding After, bool? IsWell)> MakeAsync(FleetSystem system, DeliveryLane lane, OwedEvent owed, CancellationToken cancellation)
    {
        if (await BodyAsync(lane, owed, cancellation) is not { } body)
            return (owed.Standing with { State = DeliveryStanding.Dead, LastError = DeliveryRetention.BodyGone }, null);
        var answer = await client.SendAsync(system.Webhook, lane.Tenant, owed, body, cancellation);
        var now = time.GetUtcNow();
        var after = schedule.After(owed.Standing, answer, now);
        meter.Attempted(system.Name, owed, answer, after, now);
        if (after.State == DeliveryStanding.Dead)
            log.LogError("Event {Id} of {System}/{Tenant} is given up after {Attempts} attempts: {Error}", owed.Id, lane.System, lane.Tenant, after.Attempts, after.LastError);
        else if (after.State == DeliveryStanding.Pending && after.Attempts == 1)
            log.LogWarning("The product of {System} did not take event {Id} of {Tenant}: {Error}", lane.System, owed.Id, lane.Tenant, after.LastError);
        return (after, answer.Verdict == DeliveryVerdict.Delivered);
    }

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
