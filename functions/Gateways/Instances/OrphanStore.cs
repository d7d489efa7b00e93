using Npgsql;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="IOrphanStore"/>
internal sealed class OrphanStore(NpgsqlDataSource database) : IOrphanStore
{
    public async Task RecordAsync(string system, string gateway, IReadOnlyCollection<string> orphans, DateTimeOffset at, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        // A look that is older than the last one must not bring back or forget anything.
        batch.BatchCommands.Add(Command(
            """
            INSERT INTO whatsops.orphan_sightings (system, gateway, instance, first_seen, last_seen)
            SELECT $1, $2, name, $4, $4 FROM unnest($3::text[]) AS name
            ON CONFLICT (system, gateway, instance) DO UPDATE SET last_seen = greatest(orphan_sightings.last_seen, excluded.last_seen)
            """,
            system, gateway, orphans.ToArray(), at.ToUniversalTime()));
        batch.BatchCommands.Add(Command(
            "DELETE FROM whatsops.orphan_sightings WHERE system = $1 AND gateway = $2 AND instance <> ALL ($3) AND last_seen < $4",
            system, gateway, orphans.ToArray(), at.ToUniversalTime()));
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    public async Task<IReadOnlyList<OrphanSighting>> ListAsync(string system, string gateway, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT instance, first_seen, last_seen, quarantined_at FROM whatsops.orphan_sightings
            WHERE system = $1 AND gateway = $2 ORDER BY first_seen, instance
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = gateway });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var orphans = new List<OrphanSighting>();
        while (await row.ReadAsync(cancellation))
            orphans.Add(new(
                system, gateway, row.GetString(0), row.GetFieldValue<DateTimeOffset>(1), row.GetFieldValue<DateTimeOffset>(2), row.GetFieldValue<DateTimeOffset?>(3)));
        return orphans;
    }

    public Task QuarantineAsync(string system, string gateway, string instance, DateTimeOffset at, CancellationToken cancellation) => ExecuteAsync(
        "UPDATE whatsops.orphan_sightings SET quarantined_at = coalesce(quarantined_at, $4) WHERE system = $1 AND gateway = $2 AND instance = $3",
        cancellation, system, gateway, instance, at.ToUniversalTime());

    public Task ForgetAsync(string system, string gateway, string instance, CancellationToken cancellation) => ExecuteAsync(
        "DELETE FROM whatsops.orphan_sightings WHERE system = $1 AND gateway = $2 AND instance = $3", cancellation, system, gateway, instance);

    private async Task ExecuteAsync(string sql, CancellationToken cancellation, params IEnumerable<object> values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static NpgsqlBatchCommand Command(string sql, params IEnumerable<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return command;
    }
}
