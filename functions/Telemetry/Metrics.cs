using System.Diagnostics.Metrics;

namespace WhatsOps.Telemetry;

/// <summary>
/// Every metric there is, and the instruments of those that code records as it happens. Gauges are read from the database by
/// <see cref="GaugeReader"/>. Labels are bounded by the fleet file; tenants by <see cref="TelemetryOptions.Tenants"/>.
/// </summary>
public static class Metrics
{
    public const string MeterName = "WhatsOps";

    public static readonly Metric SweepAge = new("whatsops.sweep.age", MetricKind.Gauge, "s", "Since the last finished sweep of the system; before the first, since its fleet file was applied", "system");
    public static readonly Metric SweepDuration = new("whatsops.sweep.duration", MetricKind.Histogram, "s", "Length of a sweep of the system", "system", "complete");
    public static readonly Metric Webhooks = new("whatsops.webhooks", MetricKind.Counter, "{request}", "Requests to the receiver by its answer", "answer");
    public static readonly Metric WebhookLag = new("whatsops.webhook.lag", MetricKind.Gauge, "s", "Age of the oldest event that the product is owed and was not given; 0 when it is owed none", "system");
    public static readonly Metric DeliveryAttempts = new("whatsops.deliveries.attempts", MetricKind.Counter, "{attempt}", "Attempts to hand an event to the product", "system", "outcome");
    public static readonly Metric DeliveriesDead = new("whatsops.deliveries.dead", MetricKind.Counter, "{event}", "Events given up", "system");
    public static readonly Metric DeliveryLag = new("whatsops.deliveries.lag", MetricKind.Histogram, "s", "From arrival, or replay, to the product's 2xx", "system");
    public static readonly Metric FindingsOpen = new("whatsops.findings.open", MetricKind.Gauge, "{finding}", "Findings that are open or acknowledged; silenced and accepted ones do not count", "system", "severity");
    public static readonly Metric RunsOpen = new("whatsops.runs.open", MetricKind.Gauge, "{run}", "Runs of runbooks that have not ended, those that wait for somebody included", "system");
    public static readonly Metric RunsStuck = new("whatsops.runs.stuck", MetricKind.Gauge, "{run}", "Runs that should move and have not for ten minutes", "system");
    public static readonly Metric BackupVerifiedAge = new("whatsops.backup.verified.age", MetricKind.Gauge, "s", "Age of the newest backup set that passed its restore test; while there is none, since the first fleet file was applied", "system");
    public static readonly Metric GatewayCalls = new("whatsops.gateway.calls", MetricKind.Histogram, "s", "Duration of calls to gateways", "system", "operation", "outcome");
    public static readonly Metric AlertsOutbox = new("whatsops.alerts.outbox", MetricKind.Gauge, "{message}", "Alert messages that wait to be sent");
    public static readonly Metric TenantFindings = new("whatsops.tenant.findings", MetricKind.Gauge, "{finding}", "Open findings of the tenants that have most of them; off unless MetricsTenants is set", "system", "tenant");
    public static readonly Metric TenantWebhookLag = new("whatsops.tenant.webhook.lag", MetricKind.Gauge, "s", "Age of the oldest event owed, for the tenants that wait longest; off unless MetricsTenants is set", "system", "tenant");

    /// <summary>All of them, as the documentation lists them.</summary>
    public static readonly IReadOnlyList<Metric> All =
    [
        SweepAge, SweepDuration, Webhooks, WebhookLag, DeliveryAttempts, DeliveriesDead, DeliveryLag, FindingsOpen, RunsOpen, RunsStuck, BackupVerifiedAge, GatewayCalls, AlertsOutbox,
        TenantFindings, TenantWebhookLag,
    ];

    // A gateway has 10 to 30 s to answer; a sweep has minutes, and so has a delivery that is repeated.
    private static readonly double[] Calls = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    private static readonly double[] Longer = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900, 3600];

    // Of the process: counts go on whoever records them. Gauges have a meter of their own, which ends with its reader.
    private static readonly Meter Meter = new(MeterName);
    private static readonly Counter<long> WebhookCounter = Counter(Webhooks);
    private static readonly Counter<long> AttemptCounter = Counter(DeliveryAttempts);
    private static readonly Counter<long> DeadCounter = Counter(DeliveriesDead);
    private static readonly Histogram<double> LagHistogram = Histogram(DeliveryLag, Longer);
    private static readonly Histogram<double> SweepHistogram = Histogram(SweepDuration, Longer);
    private static readonly Histogram<double> CallHistogram = Histogram(GatewayCalls, Calls);

    /// <summary>The attribute of <see cref="Webhooks"/>, made once per answer: the receiver counts every request.</summary>
    internal static KeyValuePair<string, object?> Answer(string name) => new("answer", name);

    internal static void Webhook(KeyValuePair<string, object?> answer) => WebhookCounter.Add(1, answer);

    internal static void Attempt(string system, string outcome) => AttemptCounter.Add(1, Of(system), new("outcome", outcome));

    internal static void Dead(string system) => DeadCounter.Add(1, Of(system));

    internal static void Delivered(string system, TimeSpan lag) => LagHistogram.Record(lag.TotalSeconds, Of(system));

    internal static void Swept(string system, TimeSpan duration, bool complete) =>
        SweepHistogram.Record(duration.TotalSeconds, Of(system), new("complete", complete ? "true" : "false"));

    internal static void GatewayCall(string system, string operation, string outcome, TimeSpan duration) =>
        CallHistogram.Record(duration.TotalSeconds, Of(system), new("operation", operation), new("outcome", outcome));

    private static KeyValuePair<string, object?> Of(string name) => new("system", name);

    private static Counter<long> Counter(Metric metric) => Meter.CreateCounter<long>(metric.Name, metric.Unit, metric.Description);

    private static Histogram<double> Histogram(Metric metric, double[] buckets) => Meter.CreateHistogram(
        metric.Name, metric.Unit, metric.Description, advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = buckets });
}
