using Npgsql;

namespace WhatsOps.Events;

/// <summary>Questions about the flow of events, for those who judge it.</summary>
public sealed class EventTraffic(NpgsqlDataSource database)
{
    /// <summary>Events that came through a tenant's door for an instance that is not its own, since a time.</summary>
    public async Task<IReadOnlyList<ForeignTraffic>> ForeignAsync(string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT tenant, coalesce(instance, 'unknown'), count(*), max(received_at) FROM whatsops.events
            WHERE system = $1 AND received_at >= $2 AND is_foreign GROUP BY 1, 2 ORDER BY 1, 2
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = since.UtcDateTime });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var found = new List<ForeignTraffic>();
        while (await row.ReadAsync(cancellation)) found.Add(new(row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetFieldValue<DateTimeOffset>(3)));
        return found;
    }
}
