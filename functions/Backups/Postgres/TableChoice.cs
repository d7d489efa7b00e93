namespace WhatsOps.Backups;

/// <summary>The tables of a database that a part holds.</summary>
/// <param name="Tables">As <c>schema.table</c>, in order; those that hold rows themselves.</param>
/// <param name="Roots">What pg_dump is asked for: the tables, or the partitioned tables they belong to.</param>
/// <param name="Notices">Optional ones that are not there.</param>
internal sealed record TableChoice(IReadOnlyList<(string Schema, string Table)> Tables, IReadOnlyList<(string Schema, string Table)> Roots, IReadOnlyList<string> Notices);
