using Npgsql;

namespace WhatsOps.Backups;

/// <summary>An empty database that is there for one restore test only. Its name tells whose it is, so that one left by a killed process is found and dropped.</summary>
internal sealed class ScratchDatabase : IAsyncDisposable
{
    private const string Prefix = "whatsops_scratch_";

    private readonly NpgsqlConnection _server;
    private readonly string _name;

    private ScratchDatabase(NpgsqlConnection server, string name, NpgsqlConnectionStringBuilder target) => (_server, _name, Target) = (server, name, target);

    /// <summary>Where the scratch database is.</summary>
    public NpgsqlConnectionStringBuilder Target { get; }

    public int ServerMajor => _server.PostgreSqlVersion.Major;

    /// <exception cref="BackupException">The server cannot be reached, or the user may not create databases.</exception>
    public static async Task<ScratchDatabase> CreateAsync(NpgsqlConnectionStringBuilder server, Guid set, string part, CancellationToken cancellation)
    {
        var name = $"{Prefix}{set:N}_{part}";
        // PostgreSQL cuts longer names, and then they are somebody else's.
        if (name.Length > 63) name = name[..63];
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Pooling = false, CommandTimeout = 120 }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellation);
            await ExecuteAsync(connection, $"DROP DATABASE IF EXISTS \"{name}\" WITH (FORCE)", cancellation);
            // From template0: what somebody put into template1 would stand in the way of the restore.
            await ExecuteAsync(connection, $"CREATE DATABASE \"{name}\" TEMPLATE template0", cancellation);
            return new(connection, name, new(server.ConnectionString) { Database = name, Pooling = false });
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            await connection.DisposeAsync();
            throw new BackupException($"{server.Username} may not create the scratch database of a restore test. Fix: ALTER ROLE {server.Username} CREATEDB, or name another server in scratchConnectionString.", isLasting: true);
        }
        catch (NpgsqlException problem)
        {
            await connection.DisposeAsync();
            throw new BackupException($"The scratch database of the restore test could not be made: {(problem as PostgresException)?.MessageText ?? problem.InnerException?.Message ?? problem.Message}");
        }
    }

    public async Task EnsureSchemasAsync(IEnumerable<string> schemas, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(Target.ConnectionString);
        await connection.OpenAsync(cancellation);
        foreach (var schema in schemas) await ExecuteAsync(connection, $"CREATE SCHEMA IF NOT EXISTS \"{schema.Replace("\"", "\"\"", StringComparison.Ordinal)}\"", cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS \"{_name}\" WITH (FORCE)", CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // The server has gone; the next test of this set drops it first.
        }

        await _server.DisposeAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
