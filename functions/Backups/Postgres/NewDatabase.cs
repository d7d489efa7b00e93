using Npgsql;

namespace WhatsOps.Backups;

/// <summary>
/// Makes, empties and drops databases that only a restore has to do with. Their names tell whose they are, so that one left by a killed process is
/// found by its next attempt and dropped.
/// </summary>
internal static class NewDatabase
{
    private const int DropAttempts = 6;

    // Where a user who may create databases can connect while the one in question is missing or shut.
    private static readonly string[] Lobbies = ["postgres", "template1"];

    /// <summary>A scratch database of a restore test.</summary>
    public static string ScratchName(Guid set, string part) => SqlName.With($"whatsops_scratch_{part.Replace('-', '_')}", $"_{set:N}"[..17]);

    /// <summary>Makes it anew, empty, as the model is: encoding, locale, owner, settings and grants; without a model as the server has them.</summary>
    /// <param name="maker">Who makes it; written beside it. A database of this name that somebody else made is never dropped.</param>
    /// <param name="model">A database of this server; null, or one that is not there, for none.</param>
    /// <returns>The server's major version.</returns>
    /// <exception cref="BackupException">There is such a database of somebody else's, the server cannot be reached, or the user may not create databases.</exception>
    public static async Task<int> CreateAsync(NpgsqlConnectionStringBuilder server, string name, string maker, string? model, CancellationToken cancellation)
    {
        try
        {
            await using var lobby = await LobbyAsync(server, cancellation);
            if (!await DropAsync(lobby, name, maker, cancellation)) throw new BackupException($"Database {name} exists already, and is not this restore's.", isLasting: true);
            var like = model is null ? null : await DatabaseModel.ReadAsync(lobby, model, cancellation);
            // From template0: what somebody put into template1 would stand in the way of the restore.
            await ExecuteAsync(lobby, $"CREATE DATABASE {SqlName.Quoted(name)} TEMPLATE template0{like?.CreateOptions}", cancellation);
            await ExecuteAsync(lobby, $"COMMENT ON DATABASE {SqlName.Quoted(name)} IS {SqlName.Literal(maker)}", cancellation);
            foreach (var sql in like?.Following(name) ?? []) await ExecuteAsync(lobby, sql, cancellation);
            return lobby.PostgreSqlVersion.Major;
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupException(
                $"{server.Username} may not create database {name}: {problem.MessageText}. Fix: ALTER ROLE {server.Username} CREATEDB (a restore test may use another server: scratchConnectionString).", isLasting: true);
        }
        catch (NpgsqlException problem)
        {
            throw new BackupException($"Database {name} could not be made: {Words(problem)}");
        }
    }

    /// <summary>Drops it if this maker made it; one of somebody else's stays.</summary>
    /// <exception cref="BackupException">The server cannot be reached, or says no.</exception>
    public static async Task DropAsync(NpgsqlConnectionStringBuilder server, string name, string maker, CancellationToken cancellation)
    {
        try
        {
            await using var lobby = await LobbyAsync(server, cancellation);
            await DropAsync(lobby, name, maker, cancellation);
        }
        catch (NpgsqlException problem)
        {
            throw new BackupException($"Database {name} could not be dropped: {Words(problem)}");
        }
    }

    /// <summary>A connection to the server that stands in no database of a product's.</summary>
    public static async Task<NpgsqlConnection> LobbyAsync(NpgsqlConnectionStringBuilder server, CancellationToken cancellation)
    {
        NpgsqlException? first = null;
        foreach (var lobby in Lobbies)
        {
            var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = lobby, Pooling = false, CommandTimeout = 120 }.ConnectionString);
            try
            {
                await connection.OpenAsync(cancellation);
                return connection;
            }
            catch (NpgsqlException problem)
            {
                await connection.DisposeAsync();
                first ??= problem;
            }
        }

        throw first!;
    }

    public static string Words(NpgsqlException problem) => (problem as PostgresException)?.MessageText ?? problem.InnerException?.Message ?? problem.Message;

    // False: it is somebody else's.
    private static async Task<bool> DropAsync(NpgsqlConnection lobby, string name, string maker, CancellationToken cancellation)
    {
        await using (var look = new NpgsqlCommand("SELECT shobj_description(oid, 'pg_database') IS NOT DISTINCT FROM $2 FROM pg_database WHERE datname = $1", lobby) { Parameters = { new() { Value = name }, new() { Value = maker } } })
            if (await look.ExecuteScalarAsync(cancellation) is false) return false;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ExecuteAsync(lobby, $"DROP DATABASE IF EXISTS {SqlName.Quoted(name)} WITH (FORCE)", cancellation);
                return true;
            }
            catch (PostgresException inUse) when (inUse.SqlState == PostgresErrorCodes.ObjectInUse && attempt < DropAttempts)
            {
                // The server gives the sessions that it ends 5 seconds; those of a restore that was cut off may need longer on a busy machine.
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
