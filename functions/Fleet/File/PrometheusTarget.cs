namespace WhatsOps.Fleet;

/// <summary>A Prometheus server that is asked over its HTTP API: is everything scraped, what do queries say, which of its alerts fire .</summary>
public sealed record PrometheusTarget : WatchTarget
{
    /// <summary>Absolute address without <c>/api/v1</c>, e.g. <c>http://prometheus:9090</c>.</summary>
    public required string Url { get; init; }

    /// <summary>Sent with the request, e.g. <c>Authorization</c>; values are references or <c>Bearer ${env:NAME}</c>.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    /// <summary>Seconds until it counts as unreachable, 1 to 60.</summary>
    public int TimeoutSeconds { get; init; } = 10;

    /// <summary>Jobs that must be among what it scrapes.</summary>
    public IReadOnlyList<string> Jobs { get; init; } = [];

    /// <summary>Their values become samples <c>promql.NAME</c>, which <see cref="WatchOptions.Rules"/> can judge.</summary>
    public IReadOnlyList<PrometheusQuery> Queries { get; init; } = [];

    /// <summary>True: it scrapes node_exporter, and is asked how full the disks are .</summary>
    public bool Disks { get; init; }

    /// <summary>Its firing alerts become findings. Leave it off where its Alertmanager notifies WhatsOps: each alert would be there twice.</summary>
    public bool Alerts { get; init; }
}
