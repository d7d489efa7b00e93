using Npgsql;
using WhatsOps.Events;

namespace WhatsOps.Console;

/// <summary>Merges what the stations of the pipe kept about one tenant: states, findings, gateway calls, dead letters, events of Meta's, runs, and who did what.</summary>
public sealed class TimelineReader(NpgsqlDataSource database)
{
    public async Task<TenantTimeline> ReadAsync(string system, string tenant, int limit, CancellationToken cancellation)
    {
        var entries = new List<TimelineEntry>();
        // Each branch is cut by itself, so that a thousand calls do not push a finding out of the database's work.
        await using var command = database.CreateCommand(
            """
            SELECT at, what, detail FROM (
              (SELECT at, 'state' AS what,
                      instance || ' ' || coalesce(from_state || ' → ', '') || to_state || coalesce(', reason ' || reason, '') || ' (' || source || ')'
                      || CASE WHEN is_disconnection THEN ', a disconnection' ELSE '' END AS detail
                 FROM whatsops.instance_transitions WHERE system = $1 AND tenant = $2 ORDER BY at DESC LIMIT $3)
              UNION ALL
              (SELECT opened_at, 'finding', 'finding ' || id || ' opened: ' || kind || ': ' || cause
                 FROM whatsops.findings WHERE system = $1 AND tenant = $2 ORDER BY opened_at DESC LIMIT $3)
              UNION ALL
              (SELECT closed_at, 'finding', 'finding ' || id || ' closed: ' || kind || coalesce(' by ' || changed_by, '') || coalesce(' (' || reason || ')', '')
                 FROM whatsops.findings WHERE system = $1 AND tenant = $2 AND closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT $3)
              UNION ALL
              (SELECT at, 'call', operation || ' ' || coalesce(instance, '') || ' on ' || gateway || ': ' || outcome || coalesce(' ' || status, '') || ' in ' || duration_ms || ' ms'
                 FROM whatsops.gateway_calls WHERE system = $1 AND tenant = $2 ORDER BY at DESC LIMIT $3)
              UNION ALL
              (SELECT settled_at, 'delivery', 'event ' || event_id || ' (' || event || ') was given up after ' || attempts || ' attempts: ' || coalesce(last_error, '')
                 FROM whatsops.deliveries WHERE system = $1 AND tenant = $2 AND state = 'dead' ORDER BY event_id DESC LIMIT $3)
              UNION ALL
              -- Of gateways their states are told; an account of Meta's has nothing but its events.
              (SELECT received_at, 'event', event || coalesce(' on line ' || instance, '')
                 FROM (SELECT received_at, event, instance FROM whatsops.events WHERE system = $1 AND tenant = $2 ORDER BY received_at DESC LIMIT $3) AS newest WHERE event LIKE 'meta.%')
              UNION ALL
              (SELECT created_at, 'run', runbook || ' asked for by ' || requested_by || ': ' || reason
                 FROM whatsops.runs WHERE system = $1 AND tenant = $2 ORDER BY created_at DESC LIMIT $3)
              UNION ALL
              (SELECT ended_at, 'run', runbook || ' ended: ' || state || coalesce(': ' || failure, '')
                 FROM whatsops.runs WHERE system = $1 AND tenant = $2 AND ended_at IS NOT NULL ORDER BY ended_at DESC LIMIT $3)
              UNION ALL
              (SELECT at, 'audit', by || ': ' || action || ' ' || detail
                 FROM whatsops.audit_trail WHERE system = $1 AND tenant = $2 ORDER BY id DESC LIMIT $3)
            ) AS everything
            ORDER BY at DESC LIMIT $3
            """);
        foreach (var value in (object[])[system, tenant, limit]) command.Parameters.Add(new() { Value = value });
        await using (var reader = await command.ExecuteReaderAsync(cancellation))
            while (await reader.ReadAsync(cancellation))
                entries.Add(new TimelineEntry(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), PhoneMask.Mask(reader.GetString(2))));
        return new TenantTimeline(system, tenant, await SummaryAsync(system, tenant, cancellation), entries);
    }

    private async Task<string> SummaryAsync(string system, string tenant, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT concat_ws(', ',
              (SELECT string_agg(instance || ' is ' || state || ' since ' || to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), ', ' ORDER BY instance)
                 FROM whatsops.instances WHERE system = $1 AND tenant = $2),
              (SELECT count(*) || ' open findings' FROM whatsops.findings WHERE system = $1 AND tenant = $2 AND state <> 'closed'))
            """);
        command.Parameters.Add(new() { Value = system });
        command.Parameters.Add(new() { Value = tenant });
        return PhoneMask.Mask((string)(await command.ExecuteScalarAsync(cancellation))!);
    }
}
