using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>Makes and drops databases on a server, from a connection string to any database of it.</summary>
internal static class Databases
{
    /// <summary>A database of the private server that is kept from run to run; its connection string.</summary>
    public static async Task<string> KeepAsync(string server, string name, CancellationToken cancellation)
    {
        try
        {
            return await CreateAsync(server, name, cancellation);
        }
        catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DuplicateDatabase)
        {
            return To(server, name);
        }
    }

    /// <summary>A new database; its connection string.</summary>
    public static async Task<string> CreateAsync(string server, string name, CancellationToken cancellation)
    {
        await ExecuteAsync(server, $"CREATE DATABASE {name}", cancellation);
        return To(server, name);
    }

    public static Task DropAsync(string server, string name, CancellationToken cancellation) =>
        // By force: a host that was killed may have left sessions behind.
        ExecuteAsync(server, $"DROP DATABASE IF EXISTS {name} WITH (FORCE)", cancellation);

    private static string To(string server, string name) => new NpgsqlConnectionStringBuilder(server) { Database = name, MaxPoolSize = 40 }.ConnectionString;

    private static async Task ExecuteAsync(string server, string sql, CancellationToken cancellation)
    {
        await using var admin = NpgsqlDataSource.Create(server);
        await using var command = admin.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
