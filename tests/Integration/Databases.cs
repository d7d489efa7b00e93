using Npgsql;
using WhatsOps.Cli.Up;
using WhatsOps.Database;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration;

/// <summary>The two kinds of databases that tests need, each a fresh copy of a template.</summary>
public static class Databases
{
    /// <summary>WhatsOps' own database with every migration applied.</summary>
    public static Task<TestDatabase> OperationsAsync() => TestDatabase.CreateAsync("whatsops", async connectionString =>
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await new Migrator(source, new OperationsDatabaseOptions(connectionString)).MigrateAsync(CancellationToken.None);
    });

    /// <summary>A product database with Revalya's tables, empty; fill it with <see cref="RevalyaTables.SeedAsync"/>.</summary>
    public static Task<TestDatabase> RevalyaAsync() => TestDatabase.CreateAsync("revalya", async connectionString =>
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await RevalyaTables.CreateAsync(source);
    });
}
