using Npgsql;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What TurboZap's own tables say of one instance: its status, its messages of 5 minutes and by type. Counts only, never a row.</summary>
internal sealed class InstanceTables(ProductDatabases databases)
{
    /// <summary>Null parts: there is no such instance.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or has no such tables.</exception>
    public async Task<(DashboardInstances? Instance, DashboardMessages? Messages)> ReadAsync(PostgresTarget target, string instance, CancellationToken cancellation)
    {
        var database = databases.Open(target.ConnectionString);
        DashboardInstances found;
        await using (var command = database.CreateCommand("SELECT coalesce(status, 'none'), coalesce(device_jid, '') <> '' FROM instances WHERE name = $1"))
        {
            command.Parameters.Add(new() { Value = instance });
            await using var row = await command.ExecuteReaderAsync(cancellation);
            if (!await row.ReadAsync(cancellation)) return (null, null);
            var (status, isPaired) = (JsonReading.Plain(row.GetString(0)), row.GetBoolean(1));
            found = new(1, status == "connected" ? 1 : 0, isPaired && status != "connected" ? 1 : 0, [new(status, 1)]);
        }

        // By the clock that wrote the rows.
        await using var messages = database.CreateCommand(
            """
            SELECT coalesce(nullif(m.type, ''), 'unknown'), count(*), count(*) FILTER (WHERE m.from_me AND m.created_at >= now() - interval '5 minutes'),
              count(*) FILTER (WHERE m.from_me IS NOT TRUE AND m.created_at >= now() - interval '5 minutes')
            FROM messages m JOIN instances i ON i.id = m.instance_id
            WHERE i.name = $1 GROUP BY 1 ORDER BY 2 DESC, 1
            """);
        messages.Parameters.Add(new() { Value = instance });
        var (types, sent, received) = (new List<NamedCount>(), 0L, 0L);
        await using var rows = await messages.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation))
        {
            types.Add(new(JsonReading.Plain(rows.GetString(0)), rows.GetInt64(1)));
            sent += rows.GetInt64(2);
            received += rows.GetInt64(3);
        }

        return (found, new(sent, received, types));
    }
}
