using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <summary>How late the products are, for those who watch. Heads of lanes only: a backlog of a day is not counted for a number.</summary>
internal static class DeliveryGauges
{
    private const string Heads =
        """
        heads AS (
          SELECT l.system, l.tenant, head.owed_since FROM whatsops.delivery_lanes l
          CROSS JOIN LATERAL (
            SELECT d.owed_since FROM whatsops.deliveries d
            WHERE d.system = l.system AND d.tenant = l.tenant AND d.state = 'pending' AND NOT d.is_aside ORDER BY d.event_id LIMIT 1) AS head
          WHERE l.system = ANY($2)
          UNION ALL
          SELECT system, tenant, owed_since FROM whatsops.deliveries WHERE system = ANY($2) AND state = 'pending' AND is_aside
        )
        """;

    public static readonly GaugeQuery Lag = new(
        Metrics.WebhookLag,
        $"""
        WITH {Heads}
        SELECT s.system, greatest(coalesce(extract(epoch FROM $1 - min(h.owed_since)), 0), 0)::float8
        FROM unnest($2) AS s(system) LEFT JOIN heads h ON h.system = s.system GROUP BY 1
        """)
    { Of = system => system.Webhook.Forwards() };

    public static readonly GaugeQuery TenantLag = new(
        Metrics.TenantWebhookLag,
        $"""
        WITH {Heads}
        SELECT system, tenant, greatest(extract(epoch FROM $1 - min(owed_since)), 0)::float8 FROM heads GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT $3
        """)
    { Of = system => system.Webhook.Forwards() };
}
