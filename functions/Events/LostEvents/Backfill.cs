using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Events;

/// <summary>
/// Makes events of the messages that a gateway stored and never told: <c>messages.upsert</c> bodies as its webhook would have sent them, marked
/// as backfilled, and owed to the product like all others. Done again it finds nothing more, since their ids are in the log then.
/// </summary>
internal sealed class Backfill(IGateways gateways, IPauses pauses, MessageAudit messages, EventDataKeys keys, EventLog events, EventsOptions options, TimeProvider time)
{
    public const int MaxEvents = 10_000;
    private const int AtOnce = 100;

    /// <exception cref="ProblemException">409: the system is paused (a dry run may), the store says nothing, or that is more than <see cref="MaxEvents"/>; 404: no gateway has the instance.</exception>
    public async Task<BackfillResult> RunAsync(FleetSystem system, string tenant, DateTimeOffset from, DateTimeOffset to, bool isDryRun, CancellationToken cancellation)
    {
        if (!isDryRun) await pauses.RequireRunningAsync(system.Name, "A backfill", cancellation);
        var instance = system.InstancePrefix + tenant;
        var gateway = await HolderAsync(system, instance, cancellation);
        var now = time.GetUtcNow();
        // What is on its way still comes by itself.
        var audit = await messages.CompareAsync(system, gateway, instance, from, to > now - LostEventAudit.Settle ? now - LostEventAudit.Settle : to, cancellation);
        if (audit is { Compared: 0, Problem: { } problem }) throw new ProblemException(409, $"Nothing can be taken from {gateway.Name}: {problem}.", null, "See docs/delivery.md on what a gateway must keep.");
        if (audit.Missing.Count > MaxEvents) throw new ProblemException(409, $"That is {audit.Missing.Count} messages, more than {MaxEvents} at once.", "$.from", "Ask for a shorter time.");
        var stored = isDryRun ? 0 : await StoreAsync(system, tenant, instance, audit.Missing, cancellation);
        return new(isDryRun, gateway.Name, audit.Compared, audit.Missing.Count, stored, audit.Problem);
    }

    private async Task<IGateway> HolderAsync(FleetSystem system, string instance, CancellationToken cancellation)
    {
        foreach (var endpoint in system.Gateways)
        {
            var gateway = gateways.Open(system, endpoint);
            if ((await gateway.ListAsync(cancellation)).Value?.Any(one => one.Name == instance) == true) return gateway;
        }

        throw new ProblemException(404, $"No gateway of {system.Name} that answers has instance {instance}.", "$.tenant", "Slugs are exact; whatsops doctor shows which gateways answer.");
    }

    private async Task<int> StoreAsync(FleetSystem system, string tenant, string instance, IReadOnlyList<StoredMessage> missing, CancellationToken cancellation)
    {
        var stored = 0;
        // Oldest first, a few at a time: the receiver's own traffic shares the writer.
        foreach (var some in missing.OrderBy(message => message.At).Chunk(AtOnce))
        {
            var rows = new List<EventRow>(some.Length);
            foreach (var message in some) rows.Add(await RowAsync(system, tenant, instance, message, cancellation));
            var outcomes = await Task.WhenAll(rows.Select(events.AppendAsync));
            stored += outcomes.Count(outcome => outcome == StoreOutcome.Stored);
            if (outcomes.FirstOrDefault(outcome => outcome is not (StoreOutcome.Stored or StoreOutcome.Duplicate)) is not StoreOutcome.Stored and var failed)
                throw new ProblemException(503, $"{stored} of {missing.Count} are stored; then the event log answered {failed}.", null, "Ask again: what is stored is not taken twice.");
        }

        return stored;
    }

    private async Task<EventRow> RowAsync(FleetSystem system, string tenant, string instance, StoredMessage message, CancellationToken cancellation)
    {
        var receivedAt = EventRow.Arrival(time.GetUtcNow());
        var id = Guid.CreateVersion7(receivedAt);
        var body = Body(instance, message);
        var phones = await keys.PhonesAsync(cancellation);
        var envelope = EnvelopeReader.Read(body, options.MaxJsonDepth, phones);
        var cipher = await keys.ForDayAsync(DateOnly.FromDateTime(receivedAt.UtcDateTime), cancellation);
        return new()
        {
            System = system.Name,
            Tenant = tenant,
            Key = envelope.Key ?? id,
            ReceivedAt = receivedAt,
            Id = id,
            Event = EventNames.MessagesUpsert,
            Instance = instance,
            GatewayTime = envelope.GatewayTime,
            Problem = envelope.Problem,
            Size = body.Length,
            Phones = envelope.Phones,
            Body = cipher.Encrypt(body, system.Name, tenant, id),
            MessageId = message.Id,
            IsBackfill = true,
            IsOwed = system.Webhook.Forwards(),
        };
    }

    // The envelope that Evolution sends, but for what only its own process knows (destination, sender, server_url).
    private static byte[] Body(string instance, StoredMessage message)
    {
        using var body = new MemoryStream();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("event", EventNames.MessagesUpsert);
            json.WriteString("instance", instance);
            json.WritePropertyName("data");
            json.WriteRawValue(message.Json.Span);
            json.WriteString("date_time", message.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
            json.WriteEndObject();
        }

        return body.ToArray();
    }
}
