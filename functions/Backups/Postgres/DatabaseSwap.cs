using Npgsql;

namespace WhatsOps.Backups;

/// <summary>
/// Puts one database into the place of another by their names. PostgreSQL renames in a transaction, so at every moment there is either the old state
/// or the new one; a repeat finds by the names which it is.
/// </summary>
internal static class DatabaseSwap
{
    /// <summary>Names <paramref name="current"/> <paramref name="aside"/> and gives its name to <paramref name="replacement"/>. Nothing to do when that is done.</summary>
    /// <param name="isLost">There is no <paramref name="current"/> to put aside.</param>
    /// <exception cref="BackupException">Neither is as it should be, or the server says no.</exception>
    public static Task ForwardAsync(NpgsqlConnectionStringBuilder server, string current, string replacement, string aside, bool isLost, CancellationToken cancellation) =>
        SwapAsync(server, current, replacement, aside, doneWith: isLost ? current : aside, cancellation);

    /// <summary>The way back: the database that was put aside has its name again. Nothing to do when nothing was put aside; where the old one was lost, the new one stays.</summary>
    /// <exception cref="BackupException">The server says no.</exception>
    public static Task BackAsync(NpgsqlConnectionStringBuilder server, string current, string replacement, string aside, CancellationToken cancellation) =>
        SwapAsync(server, current, aside, replacement, doneWith: null, cancellation);

    /// <summary>Which of the names are databases of the server.</summary>
    public static async Task<IReadOnlySet<string>> ExistingAsync(NpgsqlConnection server, IReadOnlyList<string> names, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand("SELECT datname FROM pg_database WHERE datname = ANY ($1)", server) { Parameters = { new() { Value = names.ToArray() } } };
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellation)) found.Add(reader.GetString(0));
        return found;
    }

    private static async Task SwapAsync(NpgsqlConnectionStringBuilder server, string current, string comes, string goes, string? doneWith, CancellationToken cancellation)
    {
        try
        {
            await using var lobby = await NewDatabase.LobbyAsync(server, cancellation);
            var found = await ExistingAsync(lobby, [current, comes, goes], cancellation);
            if (found.Contains(comes) && found.Contains(goes)) throw new BackupException($"Databases {comes} and {goes} both exist: somebody else made one of them. Nothing was renamed.", isLasting: true);
            if (!found.Contains(comes))
            {
                // Done by an attempt before this one, or never begun; then only the door may still be shut.
                if (doneWith is not null && !found.Contains(doneWith)) throw new BackupException($"Database {comes} is not there.", isLasting: true);
                if (found.Contains(current)) await OpenAsync(lobby, current, true, cancellation);
                return;
            }

            if (found.Contains(current)) await EmptyAsync(lobby, current, cancellation);
            await EmptyAsync(lobby, comes, cancellation);
            await using (var transaction = await lobby.BeginTransactionAsync(cancellation))
            {
                if (found.Contains(current)) await RenameAsync(lobby, current, goes, cancellation);
                await RenameAsync(lobby, comes, current, cancellation);
                await transaction.CommitAsync(cancellation);
            }

            await OpenAsync(lobby, current, true, cancellation);
            if (found.Contains(current)) await OpenAsync(lobby, goes, true, cancellation);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new BackupException($"{server.Username} may not rename {current}: {problem.MessageText}. Fix: make it the owner of the database, with CREATEDB.", isLasting: true);
        }
        catch (NpgsqlException problem)
        {
            throw new BackupException($"Database {current} could not be replaced yet: {NewDatabase.Words(problem)}");
        }
    }

    // A database in use is not renamed: no new connections, and the present ones end.
    private static async Task EmptyAsync(NpgsqlConnection lobby, string name, CancellationToken cancellation)
    {
        await OpenAsync(lobby, name, false, cancellation);
        await using var command = new NpgsqlCommand("SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", lobby) { Parameters = { new() { Value = name } } };
        await command.ExecuteNonQueryAsync(cancellation);
    }

    private static Task OpenAsync(NpgsqlConnection lobby, string name, bool open, CancellationToken cancellation) =>
        ExecuteAsync(lobby, $"ALTER DATABASE {SqlName.Quoted(name)} ALLOW_CONNECTIONS {(open ? "true" : "false")}", cancellation);

    private static Task RenameAsync(NpgsqlConnection lobby, string from, string to, CancellationToken cancellation) =>
        ExecuteAsync(lobby, $"ALTER DATABASE {SqlName.Quoted(from)} RENAME TO {SqlName.Quoted(to)}", cancellation);

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
