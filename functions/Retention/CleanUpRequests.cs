using Npgsql;
using NpgsqlTypes;

namespace WhatsOps.Retention;

/// <summary>The clean-ups that wait for a yes, and the ones that have it. The next run of clean-up carries a granted one out and forgets it.</summary>
public sealed class CleanUpRequests(NpgsqlDataSource database, TimeProvider time)
{
    private const string Columns = "system, table_name, older_than, rows, asked_at, granted_by";

    public async Task<CleanUpRequest?> FindAsync(string system, string table, CancellationToken cancellation) =>
        (await ReadAsync($"SELECT {Columns} FROM whatsops.clean_up_requests WHERE system = $1 AND table_name = $2", cancellation, system, table)).SingleOrDefault();

    public Task<IReadOnlyList<CleanUpRequest>> WaitingAsync(string system, CancellationToken cancellation) =>
        ReadAsync($"SELECT {Columns} FROM whatsops.clean_up_requests WHERE system = $1 AND granted_at IS NULL ORDER BY table_name", cancellation, system);

    /// <summary>Asks once; what was asked already stays as it was shown.</summary>
    public Task AskAsync(string system, string table, DateTimeOffset olderThan, long rows, CancellationToken cancellation) => ExecuteAsync(
        "INSERT INTO whatsops.clean_up_requests (system, table_name, older_than, rows, asked_at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        cancellation, system, table, olderThan, rows, time.GetUtcNow());

    public Task GrantAsync(string system, string table, string by, CancellationToken cancellation) => ExecuteAsync(
        "UPDATE whatsops.clean_up_requests SET granted_by = $3, granted_at = $4 WHERE system = $1 AND table_name = $2 AND granted_at IS NULL", cancellation, system, table, by, time.GetUtcNow());

    public Task ForgetAsync(string system, string table, CancellationToken cancellation) =>
        ExecuteAsync("DELETE FROM whatsops.clean_up_requests WHERE system = $1 AND table_name = $2", cancellation, system, table);

    private async Task<IReadOnlyList<CleanUpRequest>> ReadAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(sql, values);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var list = new List<CleanUpRequest>();
        while (await row.ReadAsync(cancellation))
            list.Add(new(row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4), row.IsDBNull(5) ? null : row.GetString(5)));
        return list;
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellation, params object[] values)
    {
        await using var command = Command(sql, values);
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value is DateTimeOffset at ? new() { Value = at.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz } : new NpgsqlParameter { Value = value });
        return command;
    }
}
