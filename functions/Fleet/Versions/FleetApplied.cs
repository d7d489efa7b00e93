namespace WhatsOps.Fleet;

/// <summary>What came of applying a fleet file.</summary>
/// <param name="Version">The version in force now; null when the file was refused.</param>
/// <param name="Changes">One line per changed path; empty when the file says what is in force already.</param>
/// <param name="Warnings">References that have no value on this host: the file is in force, what hangs on them is not.</param>
public sealed record FleetApplied(long? Version, string Changes, IReadOnlyList<FleetProblem> Problems, IReadOnlyList<FleetProblem> Warnings);
