namespace WhatsOps.Fleet;

/// <summary>A PostgreSQL database: its answer, clock, connections, longest query, size, and what a known product keeps in it.</summary>
public sealed record PostgresTarget : WatchTarget
{
    /// <summary>Reference to the connection string. A user who may connect and read <c>pg_stat_*</c> (role <c>pg_monitor</c>) is enough.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>True: once a day it is tried whether postgres/postgres is let in. For servers of one's own only.</summary>
    public bool TryDefaultLogin { get; init; }

    /// <summary>Whose tables it holds; null: nobody's that WhatsOps knows.</summary>
    public ProductTables? Tables { get; init; }

    /// <summary>The migration that it should be at: a revision of Alembic, the newest name in <c>"SequelizeMeta"</c>, a version of TurboZap. Null: whichever it is.</summary>
    public string? SchemaVersion { get; init; }
}
