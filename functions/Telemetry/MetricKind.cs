namespace WhatsOps.Telemetry;

/// <summary>How a metric behaves.</summary>
public enum MetricKind
{
    /// <summary>Only grows, from zero at each start of the process.</summary>
    Counter,

    /// <summary>A value that comes and goes.</summary>
    Gauge,

    /// <summary>A distribution.</summary>
    Histogram,
}
