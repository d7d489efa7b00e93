using Npgsql;

namespace WhatsOps.Events;

/// <summary>Gives back the body of a stored event as the gateway sent it, but for its apikey.</summary>
public sealed class EventBodies(NpgsqlDataSource database, EventDataKeys keys)
{
    /// <summary>Null when retention, or the size of the body, left only the event's envelope.</summary>
    public async Task<byte[]?> ReadAsync(string system, string tenant, DateTimeOffset receivedAt, Guid id, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "SELECT body FROM whatsops.event_bodies WHERE system = $1 AND tenant = $2 AND received_at = $3 AND id = $4");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = tenant });
        command.Parameters.Add(new() { Value = receivedAt.ToUniversalTime() });
        command.Parameters.Add(new() { Value = id });
        if (await command.ExecuteScalarAsync(cancellation) is not byte[] body) return null;
        var cipher = await keys.ForDayAsync(DateOnly.FromDateTime(receivedAt.UtcDateTime), cancellation);
        return cipher.Decrypt(body, system, tenant, id);
    }
}
