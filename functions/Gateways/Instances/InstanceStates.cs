using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IInstanceStates"/>
/// <remarks>The rules are one SQL function, because the receiver applies them inside its own commit.</remarks>
internal sealed class InstanceStates(NpgsqlDataSource database) : IInstanceStates
{
    public async Task RecordAsync(IReadOnlyList<InstanceSighting> sightings, CancellationToken cancellation)
    {
        if (sightings.Count == 0) return;
        await using var command = database.CreateCommand(
            "SELECT whatsops.record_instance_sightings($1, $2, $3, $4, $5, $6, NULL, $7, $8, NULL)");
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.System));
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.Tenant));
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.Gateway));
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.Instance));
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.State.ToName()));
        Add(command, NpgsqlDbType.TimestampTz, sightings.Select(sighting => sighting.At.UtcDateTime));
        Add(command, NpgsqlDbType.Text, sightings.Select(sighting => sighting.Source));
        Add(command, NpgsqlDbType.Integer, sightings.Select(sighting => sighting.Reason));
        await command.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<InstanceStatus>> ListAsync(string system, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("""
            SELECT tenant, gateway, instance, state, since, seen_at, last_seen_open, last_event_at, disconnect_reason
            FROM whatsops.instances WHERE system = $1 ORDER BY instance
            """);
        command.Parameters.Add(new() { Value = system });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var statuses = new List<InstanceStatus>();
        while (await rows.ReadAsync(cancellation))
            statuses.Add(new(
                system,
                rows.GetString(0),
                await rows.IsDBNullAsync(1, cancellation) ? null : rows.GetString(1),
                rows.GetString(2),
                InstanceStateNames.Parse(rows.GetString(3)),
                rows.GetFieldValue<DateTimeOffset>(4),
                rows.GetFieldValue<DateTimeOffset>(5),
                rows.GetFieldValue<DateTimeOffset?>(6),
                rows.GetFieldValue<DateTimeOffset?>(7),
                rows.GetFieldValue<int?>(8)));
        return statuses;
    }

    public Task<IReadOnlyDictionary<string, int>> DisconnectionsAsync(string system, DateTimeOffset since, CancellationToken cancellation) => CountAsync(
        "SELECT instance, count(*)::int FROM whatsops.instance_transitions WHERE system = $1 AND at >= $2 AND is_disconnection GROUP BY instance",
        system, since, cancellation);

    public Task<IReadOnlyDictionary<string, int>> QrCodesAsync(string system, DateTimeOffset since, CancellationToken cancellation) => CountAsync(
        "SELECT instance, sum(count)::int FROM whatsops.instance_qr_codes WHERE system = $1 AND minute >= date_trunc('minute', $2) GROUP BY instance",
        system, since, cancellation);

    private async Task<IReadOnlyDictionary<string, int>> CountAsync(string sql, string system, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = since.ToUniversalTime() });
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await rows.ReadAsync(cancellation)) counts[rows.GetString(0)] = rows.GetInt32(1);
        return counts;
    }

    private static void Add<T>(NpgsqlCommand command, NpgsqlDbType type, IEnumerable<T> values) =>
        command.Parameters.Add(new() { Value = values.ToArray(), NpgsqlDbType = type | NpgsqlDbType.Array });
}
