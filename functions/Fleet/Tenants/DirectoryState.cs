namespace WhatsOps.Fleet;

/// <summary>What WhatsOps may do in a product's database, and what it lacks.</summary>
/// <param name="MissingColumns"><c>table.column</c> that is not there or not readable.</param>
/// <param name="MissingReads"><c>SELECT on table</c> that is not granted.</param>
/// <param name="MissingWrites"><c>PRIVILEGE on table</c> that runbooks need and that is not granted.</param>
/// <param name="IsFiltered">Row level security applies to this role.</param>
/// <param name="ClockSkew">The database's clock minus ours.</param>
public sealed record DirectoryState(
    string Database,
    string Role,
    bool IsSuperuser,
    TimeSpan RoundTrip,
    TimeSpan ClockSkew,
    IReadOnlyList<string> MissingColumns,
    IReadOnlyList<string> MissingReads,
    IReadOnlyList<string> MissingWrites,
    bool IsFiltered);
