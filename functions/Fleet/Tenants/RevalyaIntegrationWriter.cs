using System.Text.Json.Nodes;
using Npgsql;

namespace WhatsOps.Fleet;

/// <summary>
/// Writes the row that the product's page expects after an instance was created (saveInstanceConfig): update what is there, else insert.
/// No ON CONFLICT, because not every installation has the unique constraint that the product's documents name.
/// </summary>
internal static class RevalyaIntegrationWriter
{
    private static readonly string[] ConfigMembers = ["instance_name", "api_url", "environment"];

    public static async Task SaveAsync(NpgsqlDataSource database, RevalyaSchema tables, string slug, SavedIntegration integration, CancellationToken cancellation)
    {
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        await using (var turn = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", connection, transaction))
        {
            turn.Parameters.Add(new() { Value = "whatsops/" + slug });
            await turn.ExecuteNonQueryAsync(cancellation);
        }

        if (await ExecuteAsync(Update(tables)) == 0 && await ExecuteAsync(Insert(tables)) == 0)
            throw new ProblemException(404, $"No tenant has the slug {slug}.");
        await transaction.CommitAsync(cancellation);

        async Task<int> ExecuteAsync(string sql)
        {
            await using var command = new NpgsqlCommand(sql, connection, transaction);
            command.Parameters.AddWithValue("slug", slug);
            command.Parameters.AddWithValue("instance", integration.InstanceName);
            command.Parameters.AddWithValue("api", integration.ApiUrl);
            command.Parameters.AddWithValue("environment", integration.Environment);
            command.Parameters.AddWithValue("active", integration.IsActive);
            command.Parameters.AddWithValue("status", integration.ConnectionStatus);
            command.Parameters.Add(new NpgsqlParameter<string?>("webhook", integration.WebhookUrl) { NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
            return await command.ExecuteNonQueryAsync(cancellation);
        }
    }

    /// <summary>Whether nothing in these rows (as JSON) but what <see cref="SaveAsync"/> writes is the product's own: its page saves a key with every row.</summary>
    public static bool WroteAll(string rows) => JsonNode.Parse(rows)!.AsArray().All(row =>
        row!["credentials"] is null && ConfigOf(row["config"]) is { } config && config.All(member => ConfigMembers.Contains(member.Key)));

    // The column is jsonb in one installation and text in another.
    private static JsonObject? ConfigOf(JsonNode? config) =>
        (config is JsonValue value && value.TryGetValue<string>(out var text) ? JsonNode.Parse(text) : config) as JsonObject;

    private const string Config = "jsonb_build_object('instance_name', @instance::text, 'api_url', @api::text, 'environment', @environment::text)";

    // A null webhook leaves the column as it is.
    private static string Update(RevalyaSchema tables) =>
        $"""
        UPDATE {tables.Integrations} i SET is_active = @active, config = coalesce(i.config::jsonb, '{"{}"}') || {Config}
               {(tables.Has("connection_status") ? ", connection_status = @status" : "")}
               {(tables.Has("webhook_url") ? ", webhook_url = coalesce(@webhook, i.webhook_url)" : "")}
               {(tables.Has("updated_at") ? ", updated_at = now()" : "")}
         WHERE i.integration_type = 'whatsapp' AND i.tenant_id = (SELECT t.id FROM {tables.Tenants} t WHERE t.slug::text = @slug)
               {(tables.Has("environment") ? "AND i.environment = @environment" : "")}
        """;

    private static string Insert(RevalyaSchema tables)
    {
        var values = new Dictionary<string, string>
        {
            ["tenant_id"] = "t.id", ["integration_type"] = "'whatsapp'", ["is_active"] = "@active", ["config"] = Config,
        };
        var optional = new Dictionary<string, string>
        {
            ["environment"] = "@environment", ["connection_status"] = "@status", ["webhook_url"] = "@webhook", ["created_at"] = "now()", ["updated_at"] = "now()",
        };
        foreach (var (column, value) in optional)
            if (tables.Has(column)) values[column] = value;
        if (tables.NeedsId) values["id"] = "gen_random_uuid()";
        return $"INSERT INTO {tables.Integrations} ({string.Join(", ", values.Keys)}) SELECT {string.Join(", ", values.Values)} FROM {tables.Tenants} t WHERE t.slug::text = @slug";
    }
}
