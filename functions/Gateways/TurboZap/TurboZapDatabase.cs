using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Gateways.TurboZap;

/// <summary>Reads the one thing that TurboZap's API does not tell: whether the connection of a paired instance lives. Needs SELECT on instances (name, status, device_jid, updated_at).</summary>
internal sealed class TurboZapDatabase(ProductDatabases databases)
{
    /// <summary>Never throws for a database that is away: that it is not known is an answer.</summary>
    /// <param name="only">One exact name, or null for all.</param>
    public async Task<TurboZapRows> ReadAsync(GatewayEndpoint gateway, string? only, CancellationToken cancellation)
    {
        if (gateway.Database is not { } reference) return new(null, "the fleet file names no gateways[].database for it");
        try
        {
            await using var command = databases.Open(reference).CreateCommand(
                "SELECT name, status, coalesce(device_jid, '') <> '', updated_at::timestamptz FROM instances WHERE $1::text IS NULL OR name = $1");
            command.Parameters.Add(new() { Value = (object?)only ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            await using var rows = await command.ExecuteReaderAsync(cancellation);
            var byName = new Dictionary<string, TurboZapRow>(StringComparer.Ordinal);
            while (await rows.ReadAsync(cancellation))
                byName[rows.GetString(0)] = new(
                    await rows.IsDBNullAsync(1, cancellation) ? null : rows.GetString(1), rows.GetBoolean(2), rows.GetFieldValue<DateTimeOffset?>(3));
            return new(byName, null);
        }
        catch (Exception problem) when (problem is NpgsqlException or MissingSecretException or ProblemException or TimeoutException)
        {
            return new(null, "gateways[].database cannot be read: " + problem switch
            {
                PostgresException answered => $"{answered.SqlState} {answered.MessageText}",
                NpgsqlException { InnerException: { } inner } => $"no connection ({inner.GetType().Name})",
                // Its words name the reference, not what stands behind it.
                MissingSecretException or ProblemException => problem.Message,
                _ => "no connection",
            });
        }
    }
}
