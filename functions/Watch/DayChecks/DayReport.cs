namespace WhatsOps.Watch;

/// <summary>What a morning or an evening found.</summary>
/// <param name="Numbers">Every series of the hours it is about.</param>
public sealed record DayReport(IReadOnlyList<TargetView> Targets, IReadOnlyList<DayFinding> Findings, IReadOnlyList<SeriesSummary> Numbers);
