namespace WhatsOps.Backups;

/// <summary>A count over rows that belong together in a schema that is known here: more than every table's own count, it says that they still find each other.</summary>
/// <param name="Needs">The columns it reads, <c>table.column</c>; where one is absent the database is of another schema, or of a version without it.</param>
internal sealed record SchemaProbe(string Name, IReadOnlyList<string> Needs, string Sql);
