using Npgsql;

namespace WhatsOps.Database;

/// <summary>Tables that are partitioned by the UTC day, one partition a day, named <c>table_YYYYMMDD</c>: whole days are dropped.</summary>
public sealed class DayPartitions(NpgsqlDataSource database)
{
    /// <summary>Drops what ended before a day and names it. Gives up rather than wait: behind a waiting drop every insert would queue.</summary>
    /// <param name="table">In schema whatsops.</param>
    public async Task<IReadOnlyList<string>> DropAsync(string table, DateOnly before, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var timeout = new NpgsqlCommand("SET LOCAL lock_timeout = '2s'", connection, transaction)) await timeout.ExecuteNonQueryAsync(cancellation);
        await using var command = new NpgsqlCommand("SELECT whatsops.drop_event_days($1, $2)", connection, transaction);
        command.Parameters.Add(new() { Value = table });
        command.Parameters.Add(new() { Value = before });
        var dropped = new List<string>();
        await using (var rows = await command.ExecuteReaderAsync(cancellation))
            while (await rows.ReadAsync(cancellation)) dropped.Add(rows.GetString(0));
        await transaction.CommitAsync(cancellation);
        return dropped;
    }

    /// <summary>True: a row's day has no partition yet.</summary>
    /// <remarks>"no partition of relation found for row" has no code of its own; a real check violation names its constraint.</remarks>
    public static bool IsMissing(PostgresException problem) => problem.SqlState == PostgresErrorCodes.CheckViolation && problem.ConstraintName is null;
}
