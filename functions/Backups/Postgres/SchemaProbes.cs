using Npgsql;

namespace WhatsOps.Backups;

/// <summary>The probes of the schemas that WhatsOps' users operate. Asked in a backup's snapshot and after its restore; the answers must be the same.</summary>
internal static class SchemaProbes
{
    public const string EvolutionSessions = "evolution: instances with a session";
    public const string TurboZapSessions = "turbozap: instances with a device";

    private static readonly IReadOnlyList<SchemaProbe> All =
    [
        new(EvolutionSessions, ["\"Instance\".id", "\"Session\".sessionId"], """SELECT count(*) FROM "Instance" i JOIN "Session" s ON s."sessionId" = i.id"""),
        new(TurboZapSessions, ["instances.device_jid", "whatsmeow_device.jid"], "SELECT count(*) FROM instances i JOIN whatsmeow_device d ON d.jid = i.device_jid"),
        new("taktchat: connections of companies", ["\"Whatsapps\".companyId", "\"Companies\".id"], """SELECT count(*) FROM "Whatsapps" w JOIN "Companies" c ON c.id = w."companyId" """),
        new("taktchat: tickets with a contact", ["\"Tickets\".contactId", "\"Contacts\".id"], """SELECT count(*) FROM "Tickets" t JOIN "Contacts" c ON c.id = t."contactId" """),
        new("revalya: integrations of tenants", ["tenant_integrations.tenant_id", "tenants.id"], "SELECT count(*) FROM tenant_integrations i JOIN tenants t ON t.id = i.tenant_id"),
        new("whatsops: steps of runs", ["whatsops.run_steps.run_id", "whatsops.runs.id"], "SELECT count(*) FROM whatsops.run_steps s JOIN whatsops.runs r ON r.id = s.run_id"),
    ];

    /// <summary>The answers of the probes whose columns are all there.</summary>
    public static async Task<IReadOnlyDictionary<string, long>> AskAsync(NpgsqlConnection connection, CancellationToken cancellation)
    {
        var answers = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var probe in All)
            if (await FitsAsync(connection, probe, cancellation)) answers[probe.Name] = await ScalarAsync(connection, probe.Sql, [], cancellation);
        return answers;
    }

    // Looked up, not tried: an error would end the transaction that holds the snapshot.
    private static async Task<bool> FitsAsync(NpgsqlConnection connection, SchemaProbe probe, CancellationToken cancellation)
    {
        var needs = probe.Needs.Select(need => (Table: need[..need.LastIndexOf('.')], Column: need[(need.LastIndexOf('.') + 1)..])).ToArray();
        return await ScalarAsync(connection,
            "SELECT count(*) FROM unnest($1::text[], $2::text[]) n(t, c) JOIN pg_attribute a ON a.attrelid = to_regclass(n.t) AND a.attname = n.c AND NOT a.attisdropped",
            [needs.Select(need => need.Table).ToArray(), needs.Select(need => need.Column).ToArray()], cancellation) == needs.Length;
    }

    private static async Task<long> ScalarAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellation)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.Add(new() { Value = value });
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }
}
