namespace WhatsOps.Backups;

/// <summary>Installed PostgreSQL client programs.</summary>
/// <param name="Folder">Where pg_dump and psql are; empty: on the path.</param>
/// <param name="Version">As pg_dump says it, e.g. <c>15.18</c>.</param>
internal sealed record PgClient(string Folder, Version Version)
{
    public string Dump => Program("pg_dump");

    public string Psql => Program("psql");

    private string Program(string name) => Folder.Length == 0 ? name : Path.Combine(Folder, name);
}
