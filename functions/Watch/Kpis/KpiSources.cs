namespace WhatsOps.Watch;

/// <summary>What a review is made of.</summary>
internal sealed record KpiSources(WatchBoard Board, KpiReview Review, CapacityReader Capacity, LogReviews Logs, SlaFindings Sla);
