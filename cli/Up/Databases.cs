using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>Makes databases on a server, from a connection string to any database of it.</summary>
internal static class Databases
{
    /// <summary>Creates a database, dropping an earlier one of that name if asked to, and returns its connection string.</summary>
    public static async Task<string> CreateAsync(string server, string name, bool fresh, CancellationToken cancellation)
    {
        await using var admin = NpgsqlDataSource.Create(server);
        if (fresh) await ExecuteAsync(admin, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellation);
        try
        {
            await ExecuteAsync(admin, $"CREATE DATABASE {name}", cancellation);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
        }

        return new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ConnectionString;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource admin, string sql, CancellationToken cancellation)
    {
        await using var command = admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
