using Npgsql;
using NpgsqlTypes;
using WhatsOps.Findings;

namespace WhatsOps.Events;

/// <summary>What a check sees of an instance, a webhook has often told before: the newest state event of the last quarter of an hour is its cause.</summary>
internal sealed class EventOrigins(NpgsqlDataSource database, TimeProvider time) : IFindingOrigins
{
    // Three sweeps: an older event belongs to what an older sweep saw.
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyDictionary<long, string>> OfAsync(IReadOnlyList<Finding> opened, CancellationToken cancellation)
    {
        var told = new Dictionary<long, string>();
        Finding[] about = [.. opened.Where(finding => finding is { Tenant: not null, Instance: not null })];
        if (about.Length == 0) return told;
        await using var command = database.CreateCommand(
            """
            SELECT f.id, e.trace FROM unnest($1, $2, $3) AS f(id, system, tenant)
            CROSS JOIN LATERAL (
              SELECT trace FROM whatsops.events
              WHERE system = f.system AND tenant = f.tenant AND received_at >= $4 AND state IS NOT NULL AND NOT is_foreign ORDER BY received_at DESC LIMIT 1) AS e
            WHERE e.trace IS NOT NULL
            """);
        command.Parameters.Add(new() { Value = Array.ConvertAll(about, finding => finding.Id) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(about, finding => finding.System) });
        command.Parameters.Add(new() { Value = Array.ConvertAll(about, finding => finding.Tenant!) });
        command.Parameters.Add(new() { Value = (time.GetUtcNow() - Recent).UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation)) told[row.GetInt64(0)] = row.GetString(1);
        return told;
    }
}
