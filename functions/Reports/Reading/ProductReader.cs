using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Reports;

/// <summary>What the product's own database says: its tenants, and its log of calls where it keeps one. Somebody else's tables: counted, never fetched.</summary>
internal sealed class ProductReader(ProductDatabases databases)
{
    public const string Directory = "product_database";
    public const string ApiLogs = "api_logs";

    private static readonly HashSet<string> Numbers = ["smallint", "integer", "bigint", "numeric", "real", "double precision"];

    /// <summary>All tenants, the active ones, and those with an active WhatsApp integration (R-101).</summary>
    public Task<(TenantCounts? Counts, Unread? Unread)> CountTenantsAsync(FleetSystem system, CancellationToken cancellation) =>
        ReadAsync(system, Directory, async database =>
        {
            var tables = await RevalyaSchema.DiscoverAsync(database, system.TenantDirectory!.Schema, cancellation);
            if (tables.Missing.Count > 0) return (null, new Unread(Directory, $"The product's database lacks {string.Join(", ", tables.Missing)}, so tenants are not counted.", true));
            await using var command = database.CreateCommand(
                $"""
                SELECT (SELECT count(*) FROM {tables.Tenants}), (SELECT count(*) FROM {tables.Tenants} t WHERE t.{tables.ActiveColumn}),
                       (SELECT count(DISTINCT i.tenant_id) FROM {tables.Integrations} i WHERE i.integration_type = 'whatsapp' AND i.is_active)
                """);
            await using var row = await command.ExecuteReaderAsync(cancellation);
            await row.ReadAsync(cancellation);
            return (new TenantCounts(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), (Unread?)null);
        }, cancellation);

    /// <summary>The product's log of calls. No code of the product makes that table, only its documents name it: which columns it has is asked first.</summary>
    public Task<(CallFigures? Calls, Unread? Unread)> ReadCallsAsync(FleetSystem system, ReportWindow window, TimeZoneInfo zone, CancellationToken cancellation) =>
        ReadAsync(system, ApiLogs, async database =>
        {
            var schema = system.TenantDirectory!.Schema;
            var columns = await ColumnsAsync(database, schema, cancellation);
            if (columns.Count == 0) return (null, new Unread(ApiLogs, "The product has no table api_logs (or WhatsOps may not read it), so its own calls are not in this report.", true));
            string[] missing = [.. ((string[])["created_at", "status"]).Where(name => !columns.ContainsKey(name))];
            if (missing.Length > 0) return (null, new Unread(ApiLogs, $"The product's api_logs lacks {string.Join(" and ", missing)}, so its own calls are not in this report.", true));
            var calls = Calls(schema, columns);
            var parts = await ReportSql.ListAsync(ReportSql.Over(database, CallPart.Sql(calls), "whatsapp", window, zone.Id), CallPart.Read, cancellation);
            await using var percentile = ReportSql.Over(database, $"SELECT (percentile_disc(0.95) WITHIN GROUP (ORDER BY c.answer_ms))::numeric FROM ({calls}) c", "whatsapp", window, zone.Id);
            return (CallPart.Figures(ApiLogs, parts, await percentile.ExecuteScalarAsync(cancellation) as decimal?), (Unread?)null);
        }, cancellation);

    private async Task<(T?, Unread?)> ReadAsync<T>(FleetSystem system, string source, Func<NpgsqlDataSource, Task<(T?, Unread?)>> read, CancellationToken cancellation)
        where T : class
    {
        if (system.TenantDirectory is null) return (null, new Unread(source, $"The fleet file names no database of the product, so {source} is not in this report.", true));
        try
        {
            return await read(databases.Open(system));
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested && problem is NpgsqlException or ProblemException or MissingSecretException or TimeoutException or InvalidOperationException)
        {
            // The type only: a message may quote the address.
            return (null, new Unread(source, $"The product's database could not be asked for {source} ({problem.GetType().Name}).", false));
        }
    }

    private static async Task<Dictionary<string, string>> ColumnsAsync(NpgsqlDataSource database, string schema, CancellationToken cancellation)
    {
        await using var command = database.CreateCommand(
            """
            SELECT c.column_name::text, c.data_type::text FROM information_schema.columns c
             WHERE c.table_schema = $1 AND c.table_name = 'api_logs' AND to_regclass(format('%I.%I', c.table_schema, c.table_name)) IS NOT NULL
            """);
        command.Parameters.Add(new() { Value = schema });
        await using var row = await command.ExecuteReaderAsync(cancellation);
        var columns = new Dictionary<string, string>(StringComparer.Ordinal);
        while (await row.ReadAsync(cancellation)) columns[row.GetString(0)] = row.GetString(1);
        return columns;
    }

    private static string Calls(string schema, Dictionary<string, string> columns)
    {
        var time = columns.TryGetValue("response_time", out var type) && Numbers.Contains(type) ? "l.response_time::numeric" : "NULL::numeric";
        return $"""
            SELECT CASE WHEN l.status::text = 'success' THEN NULL ELSE {(columns.ContainsKey("error_type") ? "coalesce(nullif(l.error_type::text, ''), 'unknown')" : "'unknown'")} END AS error,
                   {(columns.ContainsKey("tenant_slug") ? "coalesce(l.tenant_slug::text, '')" : "''::text")} AS tenant,
                   (l.created_at::timestamptz AT TIME ZONE $4)::date AS day, 1 AS calls, CASE WHEN {time} IS NULL THEN 0 ELSE 1 END AS answers, {time} AS answer_ms
              FROM "{schema}".api_logs l
             WHERE l.created_at >= $2 AND l.created_at < $3 AND {(columns.ContainsKey("service") ? "l.service::text = $1" : "$1::text IS NOT NULL")}
            """;
    }
}
