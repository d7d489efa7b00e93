namespace WhatsOps.Watch;

/// <summary>What a morning or an evening found.</summary>
/// <param name="Numbers">Every series of the hours it is about.</param>
/// <param name="Logs">What the logs came to in these hours.</param>
public sealed record DayReport(IReadOnlyList<TargetView> Targets, IReadOnlyList<DayFinding> Findings, IReadOnlyList<SeriesSummary> Numbers, IReadOnlyList<LogReview> Logs);
