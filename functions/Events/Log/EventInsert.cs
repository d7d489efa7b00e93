using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Events;

/// <summary>The one statement that stores a batch: keys, events, bodies, deliveries, instance states; one round trip, one transaction, prepared once.</summary>
internal sealed class EventInsert : IAsyncDisposable
{
    private const string Sql = $"""
        WITH batch AS MATERIALIZED (
          SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
            AS b(system, tenant, key, received_at, id, event, instance, is_foreign, gateway_time, state, reason, problem, size, phones, body, is_sighting, is_qr,
              is_owed, content_type, message_id, is_backfill, trace)
        ), fresh AS (
          INSERT INTO whatsops.event_keys (system, tenant, key, first_seen)
          SELECT system, tenant, key, received_at FROM batch
          ON CONFLICT DO NOTHING RETURNING system, tenant, key
        ), news AS MATERIALIZED (
          SELECT batch.* FROM batch JOIN fresh USING (system, tenant, key)
        ), logged AS (
          INSERT INTO whatsops.events
            (system, tenant, received_at, id, event, instance, is_foreign, gateway_time, state, reason, problem, size, phones, message_id, is_backfill, trace)
          SELECT system, tenant, received_at, id, event, instance, is_foreign, gateway_time, state, reason, problem, size, phones::bigint[], message_id, is_backfill, trace FROM news
        ), bodies AS (
          INSERT INTO whatsops.event_bodies (system, tenant, received_at, id, body)
          SELECT system, tenant, received_at, id, body FROM news WHERE body IS NOT NULL
        ), lanes AS (
          INSERT INTO whatsops.delivery_lanes (system, tenant)
          SELECT DISTINCT system, tenant FROM news WHERE is_owed ORDER BY system, tenant
          ON CONFLICT DO NOTHING
        ), owed AS (
          -- Without a body there is nothing to send, and that must not go unnoticed.
          INSERT INTO whatsops.deliveries
            (event_id, system, tenant, received_at, event, content_type, state, is_aside, is_backfill, owed_since, next_attempt_at, last_error, settled_at, trace)
          SELECT id, system, tenant, received_at, event, content_type, CASE WHEN body IS NULL THEN 'dead' ELSE 'pending' END, is_backfill, is_backfill,
            received_at, received_at, CASE WHEN body IS NULL THEN '{DeliveryRetention.NeverKept}' END, CASE WHEN body IS NULL THEN received_at END, trace
          FROM news WHERE is_owed
        ), seen AS (
          SELECT whatsops.record_instance_sightings(array_agg(system), array_agg(tenant), NULL, array_agg(instance), array_agg(state),
            array_agg(received_at), array_agg(gateway_time), array_agg('webhook'::text), array_agg(reason), array_agg(is_qr)) AS changed
          FROM news WHERE is_sighting HAVING count(*) > 0
        )
        SELECT id, (SELECT changed FROM seen) FROM news
        """;

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _command;

    private EventInsert(NpgsqlConnection connection, NpgsqlCommand command) => (_connection, _command) = (connection, command);

    public static async Task<EventInsert> OpenAsync(NpgsqlDataSource database, int timeoutSeconds, CancellationToken cancellation)
    {
        var connection = await database.OpenConnectionAsync(cancellation);
        try
        {
            var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = timeoutSeconds };
            NpgsqlDbType[] types =
            [
                NpgsqlDbType.Text, NpgsqlDbType.Text, NpgsqlDbType.Uuid, NpgsqlDbType.TimestampTz, NpgsqlDbType.Uuid, NpgsqlDbType.Text, NpgsqlDbType.Text,
                NpgsqlDbType.Boolean, NpgsqlDbType.TimestampTz, NpgsqlDbType.Text, NpgsqlDbType.Integer, NpgsqlDbType.Text, NpgsqlDbType.Integer,
                NpgsqlDbType.Text, NpgsqlDbType.Bytea, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, NpgsqlDbType.Boolean, NpgsqlDbType.Text, NpgsqlDbType.Text,
                NpgsqlDbType.Boolean, NpgsqlDbType.Text,
            ];
            foreach (var type in types) command.Parameters.Add(new() { NpgsqlDbType = type | NpgsqlDbType.Array });
            await command.PrepareAsync(cancellation);
            return new EventInsert(connection, command);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Commits the rows (no key twice) and returns the ids of those that were new.</summary>
    public async Task<HashSet<Guid>> ExecuteAsync(List<EventRow> rows, CancellationToken cancellation)
    {
        var column = 0;
        Set(rows, row => row.System);
        Set(rows, row => row.Tenant);
        Set(rows, row => row.Key);
        Set(rows, row => row.ReceivedAt.UtcDateTime);
        Set(rows, row => row.Id);
        Set(rows, row => row.Event);
        Set(rows, row => row.Instance);
        Set(rows, row => row.IsForeign);
        Set(rows, row => row.GatewayTime?.UtcDateTime);
        Set(rows, row => row.State);
        Set(rows, row => row.Reason);
        Set(rows, row => row.Problem);
        Set(rows, row => row.Size);
        // Arrays of arrays must be rectangles in PostgreSQL, so these go as text.
        Set(rows, row => row.Phones.Count == 0 ? null : "{" + string.Join(',', row.Phones) + "}");
        Set(rows, row => row.Body);
        Set(rows, row => row.IsSighting);
        Set(rows, row => row.IsQrCode);
        Set(rows, row => row.IsOwed);
        Set(rows, row => row.ContentType);
        Set(rows, row => row.MessageId);
        Set(rows, row => row.IsBackfill);
        Set(rows, row => row.Trace);

        var stored = new HashSet<Guid>(rows.Count);
        await using var reader = await _command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) stored.Add(reader.GetGuid(0));
        // To the end of the exchange, where the server says that it has committed: closing the reader forgives a time-out there.
        await reader.NextResultAsync(cancellation);
        return stored;

        void Set<T>(List<EventRow> source, Func<EventRow, T> value)
        {
            var values = new T[source.Count];
            for (var i = 0; i < values.Length; i++) values[i] = value(source[i]);
            _command.Parameters[column++].Value = values;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
