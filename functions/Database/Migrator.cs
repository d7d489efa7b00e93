using System.Reflection;
using DbUp;
using DbUp.Engine;
using DbUp.Engine.Output;
using Npgsql;

namespace WhatsOps.Database;

/// <summary>Brings schema <c>whatsops</c> to this version: numbered scripts, each once, under an advisory lock.</summary>
public sealed class Migrator(NpgsqlDataSource database, OperationsDatabaseOptions options)
{
    // Any number will do as long as every version of WhatsOps takes the same one.
    private const long LockKey = 0x5768617473_4F7073;

    private static readonly string[] Scripts =
        [.. Assembly.GetExecutingAssembly().GetManifestResourceNames().Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    /// <summary>Applies what is missing. Safe to call from many processes at once.</summary>
    public async Task MigrateAsync(CancellationToken cancellation)
    {
        // A start that finds everything applied must not pay for loading DbUp: the receiver answers within a second of process start.
        if (await IsCurrentAsync(cancellation)) return;
        await using var holder = await database.OpenConnectionAsync(cancellation);
        await ExecuteAsync(holder, $"SELECT pg_advisory_lock({LockKey})", cancellation);
        try
        {
            await ExecuteAsync(holder, "CREATE SCHEMA IF NOT EXISTS whatsops", cancellation);
            var result = Upgrade();
            if (!result.Successful)
                throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
        }
        finally
        {
            await ExecuteAsync(holder, $"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task<bool> IsCurrentAsync(CancellationToken cancellation)
    {
        try
        {
            await using var command = database.CreateCommand("SELECT count(*) FROM whatsops.schema_versions WHERE scriptname = ANY($1)");
            command.Parameters.Add(new() { Value = Scripts });
            return await command.ExecuteScalarAsync(cancellation) is long count && count == Scripts.Length;
        }
        catch (PostgresException problem) when (problem.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            return false;
        }
    }

    // The data source hides its password, so DbUp gets the connection string itself.
    private DatabaseUpgradeResult Upgrade() => DeployChanges.To
        .PostgresqlDatabase(options.ConnectionString, "whatsops")
        .WithScripts(Scripts.Select(name => SqlScript.FromStream(name, Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!)))
        .JournalToPostgresqlTable("whatsops", "schema_versions")
        .WithTransactionPerScript()
        .LogTo(new NoOpUpgradeLog())
        .Build()
        .PerformUpgrade();

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
