namespace WhatsOps.Watch;

/// <summary>The indicators of some days, beside those of as many days before.</summary>
/// <param name="SlaPercent">The availability that the fleet file promises.</param>
/// <param name="Unseen">Targets that have no sample of these days: nothing is known of them.</param>
/// <param name="Capacity">Null where no product counts its instances.</param>
/// <param name="Logs">What the logs came to in these days .</param>
public sealed record KpiReport(DateTimeOffset From, DateTimeOffset To, decimal SlaPercent, IReadOnlyList<Kpi> Kpis, IReadOnlyList<string> Unseen, CapacityAdvice? Capacity, IReadOnlyList<LogReview> Logs);
