using Npgsql;

namespace WhatsOps.Watch;

/// <summary>SQL of the cursors: up to where the log of a target was read.</summary>
internal sealed class LogCursors(NpgsqlDataSource database)
{
    /// <summary>Null: it was not read yet.</summary>
    public async Task<DateTimeOffset?> ReadAsync(string system, string target, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand("SELECT until FROM whatsops.log_cursors WHERE system = $1 AND target = $2");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        return await command.ExecuteScalarAsync(cancellation) is DateTime until ? new DateTimeOffset(until) : null;
    }

    public async Task WriteAsync(string system, string target, DateTimeOffset until, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            "INSERT INTO whatsops.log_cursors (system, target, until) VALUES ($1, $2, $3) ON CONFLICT (system, target) DO UPDATE SET until = excluded.until");
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = target });
        command.Parameters.Add(new() { Value = until.ToUniversalTime() });
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
