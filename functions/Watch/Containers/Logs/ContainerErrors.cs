using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The errors of one container in the last hour.</summary>
/// <param name="Types">The most frequent first.</param>
/// <param name="IsPart">Its log is longer than what was read.</param>
/// <param name="Problem">Why its log could not be read; null: it was.</param>
internal sealed record ContainerErrors(ContainerTarget Target, IReadOnlyList<NamedCount> Types, bool IsPart, string? Problem);
