using Npgsql;
using NpgsqlTypes;
using WhatsOps.Fleet;
using WhatsOps.Gateways;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Events;

/// <summary>
/// Compares the messages that a gateway stored for one instance with the message events that we got. Only messages that the system's webhook
/// would tell are compared: what customers wrote, and what the product sent when SEND_MESSAGE is subscribed.
/// </summary>
internal sealed class MessageAudit(NpgsqlDataSource database)
{
    private const int MaxPages = 200;

    // Stored by the gateway, but no message to anybody: keys, edits and votes go other ways or none.
    private static readonly HashSet<string> Untold = new(StringComparer.Ordinal)
    {
        "protocolMessage", "senderKeyDistributionMessage", "editedMessage", "pollUpdateMessage", "messageContextInfo", "unknown",
    };

    // WhatsApp's time of a message lies before its arrival, by days when a phone was off; and a little after it when clocks differ.
    private static readonly TimeSpan ClockSlack = TimeSpan.FromHours(1);

    public async Task<InstanceAudit> CompareAsync(
        FleetSystem system, IGateway gateway, string instance, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var tenant = instance[system.InstancePrefix.Length..];
        // Pairing syncs history into the store, and no webhook tells of that.
        var start = await PairedAsync(system.Name, instance, to, cancellation) is { } paired && paired > from ? paired : from;
        var audit = new InstanceAudit(gateway.Name, tenant, instance, start, to, 0, [], null);
        List<StoredMessage> missing = [];
        for (var page = 1; start < to; page++)
        {
            var seen = await gateway.MessagesAsync(instance, start, to, page, cancellation);
            if (seen.Value is not { } stored) return audit with { Missing = missing, Problem = $"the gateway's store cannot be read: {seen.Detail}" };
            var told = stored.Messages.Where(message => IsTold(system, message)).DistinctBy(message => message.Id).ToArray();
            var known = await KnownAsync(system.Name, tenant, start - ClockSlack, told, cancellation);
            missing.AddRange(told.Where(message => !known.Contains(message.Id)));
            audit = audit with { Compared = audit.Compared + told.Length, Missing = missing };
            if (stored.IsCut || page == MaxPages) return audit with { Problem = "the store holds more messages in this time than can be asked for; audit a shorter time" };
            if (stored.IsLast) break;
        }

        // An empty store beside a busy webhook keeps no messages; it says nothing about lost ones.
        return audit.Compared == 0 && await GotAsync(system.Name, tenant, start, to, cancellation)
            ? audit with { Problem = "the gateway keeps no messages (DATABASE_SAVE_DATA_NEW_MESSAGE off), though events came" }
            : audit;
    }

    private static bool IsTold(FleetSystem system, StoredMessage message) =>
        !Untold.Contains(message.Type) && (!message.IsFromMe || system.Webhook.Events.Contains("SEND_MESSAGE"));

    private async Task<DateTimeOffset?> PairedAsync(string system, string instance, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT max(minute) + interval '2 minutes' FROM whatsops.instance_qr_codes WHERE system = $1 AND instance = $2 AND minute <= $3");
        Add(command, system, instance);
        command.Parameters.Add(Time(to));
        return await command.ExecuteScalarAsync(cancellation) is DateTime paired ? new DateTimeOffset(paired, TimeSpan.Zero) : null;
    }

    private async Task<HashSet<string>> KnownAsync(string system, string tenant, DateTimeOffset since, StoredMessage[] messages, CancellationToken cancellation)
    {
        if (messages.Length == 0) return [];
        await using var command = database.CreateCommand(
            "SELECT message_id FROM whatsops.events WHERE system = $1 AND tenant = $2 AND received_at >= $3 AND message_id = ANY($4) AND event <> 'messages.update'");
        Add(command, system, tenant);
        command.Parameters.Add(Time(since));
        command.Parameters.Add(new() { Value = Array.ConvertAll(messages, message => message.Id), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var known = new HashSet<string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation)) known.Add(row.GetString(0));
        return known;
    }

    private async Task<bool> GotAsync(string system, string tenant, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT EXISTS (SELECT FROM whatsops.events WHERE system = $1 AND tenant = $2 AND received_at >= $3 AND received_at <= $4 AND message_id IS NOT NULL AND event <> 'messages.update' AND NOT is_foreign)");
        Add(command, system, tenant);
        command.Parameters.Add(Time(from));
        command.Parameters.Add(Time(to));
        return await command.ExecuteScalarAsync(cancellation) is true;
    }

    private static void Add(NpgsqlCommand command, string first, string second)
    {
        command.Parameters.Add(new() { Value = first });
        command.Parameters.Add(new() { Value = second });
    }
}
