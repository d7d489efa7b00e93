using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>Asks a product's database what WhatsOps may do there, without touching a row.</summary>
internal static class RevalyaInspection
{
    public static async Task<DirectoryState> RunAsync(NpgsqlDataSource database, string schema, TimeProvider time, CancellationToken cancellation)
    {
        // The first query pays for the connection; the second is the round trip.
        var tables = await RevalyaSchema.DiscoverAsync(database, schema, cancellation);
        var started = time.GetTimestamp();
        // On tenants a grant on the needed columns is enough, and those are checked by name; tenant_integrations are exported whole.
        await using var command = database.CreateCommand(
            """
            SELECT current_database(), current_user, (SELECT rolsuper FROM pg_roles WHERE rolname = current_user), clock_timestamp(),
                   coalesce(has_any_column_privilege(to_regclass($1), 'SELECT'), false), coalesce(has_table_privilege(to_regclass($2), 'SELECT'), false),
                   coalesce(has_table_privilege(to_regclass($2), 'INSERT'), false), coalesce(has_table_privilege(to_regclass($2), 'UPDATE'), false),
                   coalesce(has_table_privilege(to_regclass($2), 'DELETE'), false),
                   coalesce(row_security_active(to_regclass($1)), false) OR coalesce(row_security_active(to_regclass($2)), false)
            """);
        command.Parameters.Add(new() { Value = tables.Tenants });
        command.Parameters.Add(new() { Value = tables.Integrations });
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        await reader.ReadAsync(cancellation);
        var took = time.GetElapsedTime(started);
        return new DirectoryState(
            reader.GetString(0), reader.GetString(1), reader.GetBoolean(2), took, reader.GetFieldValue<DateTimeOffset>(3) - time.GetUtcNow(), tables.Missing,
            Lacking((4, "SELECT on tenants"), (5, "SELECT on tenant_integrations")),
            Lacking((6, "INSERT on tenant_integrations"), (7, "UPDATE on tenant_integrations"), (8, "DELETE on tenant_integrations")),
            reader.GetBoolean(9));

        string[] Lacking(params (int Column, string Name)[] rights) => [.. rights.Where(right => !reader.GetBoolean(right.Column)).Select(right => right.Name)];
    }
}
