namespace WhatsOps.Watch;

/// <summary>What one log came to in some hours .</summary>
/// <param name="Matches">Lines by pattern.</param>
/// <param name="Requests">By class of status; empty: it is no access log.</param>
/// <param name="ProcessingMilliseconds">Mean of <c>processingTime</c>; null: no line has one.</param>
/// <param name="Addresses">The ten that sent the most requests, masked.</param>
/// <param name="Newest">Fingerprints of errors and of what matches: the twenty newest of each, of errors fifty .</param>
public sealed record LogReview(
    string Target, long Lines, long Errors, long Warnings, IReadOnlyDictionary<string, long> Matches, IReadOnlyDictionary<string, long> Requests, double? ProcessingMilliseconds,
    IReadOnlyList<LogTop> Addresses, IReadOnlyList<LogTop> Newest);
