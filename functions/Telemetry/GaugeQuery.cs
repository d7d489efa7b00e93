using WhatsOps.Fleet;

namespace WhatsOps.Telemetry;

/// <summary>How a gauge is read from the operations database. Each folder registers those of its own tables; all are read in one round trip.</summary>
/// <param name="Sql">
/// Rows of the metric's labels, in their order, and the value as float8. $1 is now (timestamptz), $2 the names of the systems (text[]), $3 how many
/// tenants may be told (int).
/// </param>
public sealed record GaugeQuery(Metric Metric, string Sql)
{
    /// <summary>The systems of the fleet that the gauge is about.</summary>
    public Func<FleetSystem, bool> Of { get; init; } = static _ => true;

    /// <summary>Read only where tenants may be told.</summary>
    public bool IsPerTenant => Metric.Labels.Contains("tenant");
}
