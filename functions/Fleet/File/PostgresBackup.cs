namespace WhatsOps.Fleet;

/// <summary>A PostgreSQL database in a backup set: whole, or chosen tables of it.</summary>
public sealed record PostgresBackup
{
    /// <summary>The part's name in the set; unique in its system.</summary>
    public required string Name { get; init; }

    /// <summary>Reference to the connection string. Its user must be able to read every chosen table.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>WhatsOps' own database; then there is no <see cref="ConnectionString"/>.</summary>
    public bool Own { get; init; }

    /// <summary>Exact tables, <c>schema.table</c> or a table of <c>public</c>. Without tables and prefixes: the whole database.</summary>
    public IReadOnlyList<string> Tables { get; init; } = [];

    /// <summary>Beginnings of table names in <c>public</c>, e.g. <c>whatsmeow_</c> for the sessions of TurboZap .</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];

    /// <summary>Like <see cref="Tables"/>, but one that is absent is a notice, not a failure.</summary>
    public IReadOnlyList<string> OptionalTables { get; init; } = [];

    /// <summary>
    /// Reference to a connection on whose server restore tests make their scratch database; null: the database's own server. Its user must be able
    /// to create databases.
    /// </summary>
    public string? ScratchConnectionString { get; init; }
}
