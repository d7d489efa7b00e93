namespace WhatsOps.Fleet;

/// <summary>A PromQL expression with a number, or a few, as its answer.</summary>
public sealed record PrometheusQuery
{
    /// <summary>Unique in its target; lower-case letters, digits and -.</summary>
    public required string Name { get; init; }

    /// <summary>Evaluated at the time of the look, e.g. <c>sum(rate(http_requests_total[5m]))</c>.</summary>
    public required string Query { get; init; }
}
