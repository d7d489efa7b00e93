using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>The product's two tables as its documents and code describe them, and a way to put tenants into them.</summary>
public static class RevalyaTables
{
    public const string Sql =
        """
        CREATE TABLE tenants (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          name text NOT NULL,
          slug text NOT NULL UNIQUE,
          is_active boolean NOT NULL DEFAULT true,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now()
        );
        CREATE TABLE tenant_integrations (
          id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
          tenant_id uuid NOT NULL REFERENCES tenants (id),
          integration_type text NOT NULL,
          is_active boolean NOT NULL DEFAULT false,
          environment text NOT NULL DEFAULT 'production',
          config jsonb NOT NULL DEFAULT '{}',
          credentials jsonb,
          connection_status text,
          webhook_url text,
          webhook_token text,
          sync_status text,
          error_message text,
          last_sync_at timestamptz,
          created_by uuid,
          created_at timestamptz NOT NULL DEFAULT now(),
          updated_at timestamptz NOT NULL DEFAULT now(),
          UNIQUE (tenant_id, integration_type, environment)
        );
        """;

    public static async Task CreateAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(Sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>One tenant; a null <paramref name="config"/> means that it has no WhatsApp integration.</summary>
    public static async Task SeedAsync(
        NpgsqlDataSource database, string slug, string? config = null, bool tenantActive = true, bool integrationActive = true, string? connectionStatus = "connected",
        string? webhookUrl = null, string environment = "production")
    {
        await using var command = database.CreateCommand(
            """
            WITH tenant AS (
              INSERT INTO tenants (name, slug, is_active) VALUES ($1, $1, $2) ON CONFLICT (slug) DO UPDATE SET is_active = excluded.is_active RETURNING id)
            INSERT INTO tenant_integrations (tenant_id, integration_type, is_active, environment, config, connection_status, webhook_url)
              SELECT id, 'whatsapp', $3, $4, $5::jsonb, $6, $7 FROM tenant WHERE $5::jsonb IS NOT NULL
            """);
        foreach (var value in new object?[] { slug, tenantActive, integrationActive, environment })
            command.Parameters.Add(new() { Value = value });
        foreach (var text in new[] { config, connectionStatus, webhookUrl })
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = text, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        await command.ExecuteNonQueryAsync();
    }
}
