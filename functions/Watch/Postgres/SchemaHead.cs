using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Up to which migration a known product's database is, by the table in which its tool keeps that .</summary>
/// <param name="Version">The newest migration; of Alembic, which may have several heads, all of them. Null: not known.</param>
/// <param name="Missing">Why it is not known.</param>
internal sealed record SchemaHead(string? Version, IReadOnlyList<Measure> Measures, Trouble? Missing)
{
    /// <summary>True: its table is there and did not answer, so what was found of it stays.</summary>
    public bool IsUnseen { get; private init; }

    public static async Task<SchemaHead> ReadAsync(NpgsqlConnection connection, ProductTables tables, CancellationToken cancellation)
    {
        var (table, sql) = Question(tables);
        if (!await ProductVitals.ExistsAsync(connection, table, cancellation))
            return Unknown(table, $"The database has no table {table}, so it is not known which migrations it has. Fix: is this the product's database, and may the user see its schema? Where the product has no migrations, accept this.");
        try
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            Measure[] measures = [new("postgres.migrations", row.GetInt64(0))];
            return row.IsDBNull(1) ? Unknown(table, $"Table {table} is empty: no migration was ever applied. Fix: let the product migrate, with a backup before.") with { Measures = measures } : new(row.GetString(1), measures, null);
        }
        catch (NpgsqlException problem) when (TableSilence.IsOfTable(problem, connection))
        {
            return Unknown(table, TableSilence.Words(problem, table, "it is not known which migrations the database has")) with { IsUnseen = true };
        }
    }

    /// <summary>What stands against the version that the fleet file wants; null: nothing does, or the version is not known, which is told already.</summary>
    public Trouble? Against(string target, string? wanted) => Version is null || wanted is null || Version == wanted ? null
        : new(TroubleKinds.Misconfigured, Severity.Medium, $"The schema of {target} is at {Version}, and the fleet file wants {wanted}. Fix: let the product migrate, with a backup before; or correct schemaVersion.") { Subject = "schema" };

    private static (string Table, string Sql) Question(ProductTables tables) => tables switch
    {
        ProductTables.Agent => ("alembic_version", "SELECT count(*), string_agg(version_num, ', ' ORDER BY version_num) FROM alembic_version"),
        ProductTables.TaktChat => ("\"SequelizeMeta\"", """SELECT count(*), max(name COLLATE "C") FROM "SequelizeMeta" """),
        ProductTables.TurboZap => ("schema_migrations", "SELECT count(*), (array_agg(version::text ORDER BY applied_at DESC, version DESC))[1] FROM schema_migrations"),
        _ => throw new InvalidOperationException($"{tables} are nobody's tables."),
    };

    private static SchemaHead Unknown(string table, string why) => new(null, [], new(TroubleKinds.NotObservable, Severity.Low, why) { Subject = table });
}
