using WhatsOps.Telemetry;

namespace WhatsOps.Alerts;

/// <summary>Whether alerts get out, for those who watch.</summary>
internal static class AlertGauges
{
    public static readonly GaugeQuery Outbox = new(Metrics.AlertsOutbox, "SELECT count(*)::float8 FROM whatsops.alert_outbox WHERE sent_at IS NULL AND dead_at IS NULL");
}
