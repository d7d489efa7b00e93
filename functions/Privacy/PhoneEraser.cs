using System.Text;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Events;

namespace WhatsOps.Privacy;

/// <summary>
/// Takes a person out of the event log (LGPD): the bodies of every event with the number, and the hash by which they were found. Everything else that
/// WhatsOps keeps holds numbers masked only. Day by day, so that the receiver never waits long; repeating it is harmless.
/// </summary>
internal sealed class PhoneEraser(NpgsqlDataSource database, EventDataKeys keys, EventBodies bodies)
{
    private const int Batch = 500;

    /// <summary>The keyed hash of the number, for the audit trail: it tells nothing to anybody without the key.</summary>
    public async Task<string> HashAsync(string digits, CancellationToken cancellation) =>
        (await keys.PhonesAsync(cancellation)).Hash(Encoding.ASCII.GetBytes(digits)).ToString("x16", System.Globalization.CultureInfo.InvariantCulture);

    /// <param name="forms">Every form of the number.</param>
    /// <param name="system">Null: in all systems.</param>
    public async Task<Erasure> EraseAsync(IReadOnlyList<string> forms, string? system, bool dryRun, CancellationToken cancellation)
    {
        var hasher = await keys.PhonesAsync(cancellation);
        long[] hashes = [.. forms.Select(form => hasher.Hash(Encoding.ASCII.GetBytes(form)))];
        var found = new SortedSet<string>(StringComparer.Ordinal);
        long events = 0, gone = 0, deliveries = 0;
        foreach (var day in await DaysAsync(cancellation))
        {
            await using var command = Command(Sql(dryRun), hashes, system, day);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            while (await row.ReadAsync(cancellation))
            {
                found.Add(row.GetString(0));
                events += row.GetInt64(1);
                gone += row.GetInt64(2);
                deliveries += row.GetInt64(3);
            }
        }

        var (unread, owed) = await UnreadableAsync(forms, hashes, system, dryRun, found, cancellation);
        return new(dryRun, [.. found], events, gone + unread, deliveries + owed);
    }

    private static string Sql(bool dryRun)
    {
        const string Body = "b.received_at = h.received_at AND b.id = h.id";
        const string Unmark = "UPDATE whatsops.events e SET phones = (SELECT array_agg(p) FROM unnest(e.phones) p WHERE p <> ALL ($1)) FROM hit h WHERE e.received_at = h.received_at AND e.id = h.id";
        // A delivery that is settled holds no body; one that waits would find none.
        const string Owed = "FROM whatsops.deliveries d WHERE d.state = 'pending' AND (d.system, d.tenant, d.event_id) IN (SELECT h.system, h.tenant, h.id FROM hit h)";
        var gone = dryRun ? $"SELECT b.system FROM whatsops.event_bodies b JOIN hit h ON {Body}" : $"DELETE FROM whatsops.event_bodies b USING hit h WHERE {Body} RETURNING b.system";
        var freed = dryRun ? "SELECT h.system FROM hit h" : $"{Unmark} RETURNING e.system";
        var owed = dryRun ? $"SELECT d.system {Owed}" : $"DELETE {Owed} RETURNING d.system";
        return $"""
            WITH hit AS MATERIALIZED (
              SELECT e.system, e.tenant, e.received_at, e.id FROM whatsops.events e
               WHERE e.received_at >= $3 AND e.received_at < $3 + interval '1 day' AND e.phones && $1 AND ($2 IS NULL OR e.system = $2)
            ), gone AS ({gone}), freed AS ({freed}), owed AS ({owed})
            SELECT s.system, (SELECT count(*) FROM freed f WHERE f.system = s.system), (SELECT count(*) FROM gone g WHERE g.system = s.system), (SELECT count(*) FROM owed o WHERE o.system = s.system)
              FROM (SELECT DISTINCT h.system FROM hit h) s
            """;
    }

    private async Task<IReadOnlyList<DateTime>> DaysAsync(CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT to_date(right(c.relname, 8), 'YYYYMMDD') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'whatsops.events'::regclass ORDER BY 1
            """);
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var days = new List<DateTime>();
        while (await row.ReadAsync(cancellation)) days.Add(DateTime.SpecifyKind(row.GetDateTime(0), DateTimeKind.Utc));
        return days;
    }

    // A body that could not be parsed to its end lacks hashes: these few are decrypted and searched.
    private async Task<(long Bodies, long Deliveries)> UnreadableAsync(
        IReadOnlyList<string> forms, long[] hashes, string? system, bool dryRun, SortedSet<string> found, CancellationToken cancellation)
    {
        long gone = 0, unsent = 0;
        (DateTimeOffset At, Guid Id) last = (DateTimeOffset.MinValue, Guid.Empty);
        while (await NextAsync(hashes, system, last, cancellation) is { Count: > 0 } rows)
        {
            foreach (var (owner, tenant, at, id, isOwed) in rows)
            {
                last = (at, id);
                if (await bodies.ReadAsync(owner, tenant, at, id, cancellation) is not { } body || !forms.Any(form => body.AsSpan().IndexOf(Encoding.ASCII.GetBytes(form)) >= 0)) continue;
                found.Add(owner);
                gone++;
                if (isOwed) unsent++;
                if (!dryRun) await DeleteAsync(owner, tenant, at, id, cancellation);
            }
        }

        return (gone, unsent);
    }

    private async Task<List<(string System, string Tenant, DateTimeOffset At, Guid Id, bool IsOwed)>> NextAsync(
        long[] hashes, string? system, (DateTimeOffset At, Guid Id) after, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT e.system, e.tenant, e.received_at, e.id,
                   EXISTS (SELECT 1 FROM whatsops.deliveries d WHERE d.event_id = e.id AND d.system = e.system AND d.tenant = e.tenant AND d.state = 'pending')
              FROM whatsops.events e JOIN whatsops.event_bodies b ON b.received_at = e.received_at AND b.id = e.id
             WHERE e.problem IS NOT NULL AND NOT coalesce(e.phones && $5, false) AND ($1 IS NULL OR e.system = $1) AND (e.received_at, e.id) > ($2, $3) ORDER BY e.received_at, e.id LIMIT $4
            """);
        command.Parameters.Add(Text(system));
        command.Parameters.Add(new() { Value = after.At.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        command.Parameters.Add(new() { Value = after.Id });
        command.Parameters.Add(new() { Value = Batch });
        command.Parameters.Add(new() { Value = hashes });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<(string, string, DateTimeOffset, Guid, bool)>();
        while (await row.ReadAsync(cancellation)) rows.Add((row.GetString(0), row.GetString(1), row.GetFieldValue<DateTimeOffset>(2), row.GetGuid(3), row.GetBoolean(4)));
        return rows;
    }

    private async Task DeleteAsync(string system, string tenant, DateTimeOffset at, Guid id, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new("DELETE FROM whatsops.event_bodies WHERE received_at = $1 AND id = $2")
            { Parameters = { new() { Value = at.ToUniversalTime(), NpgsqlDbType = NpgsqlDbType.TimestampTz }, new() { Value = id } } });
        batch.BatchCommands.Add(new("DELETE FROM whatsops.deliveries WHERE event_id = $1 AND system = $2 AND tenant = $3 AND state = 'pending'")
            { Parameters = { new() { Value = id }, Text(system), Text(tenant) } });
        await batch.ExecuteNonQueryAsync(cancellation);
    }

    private NpgsqlCommand Command(string sql, long[] hashes, string? system, DateTime day)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = hashes });
        command.Parameters.Add(Text(system));
        command.Parameters.Add(new() { Value = day, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return command;
    }

    private static NpgsqlParameter Text(string? value) => new() { Value = value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
