using System.Text.Json;
using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>The simulated product's database: Revalya's two tables as its own code writes them, with the fleet's tenants.</summary>
internal static class SimulatedProduct
{
    public static async Task CreateAsync(string connectionString, IReadOnlyList<string> gatewayUrls, string webhookBase, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using (var tables = database.CreateCommand(
            """
            CREATE TABLE tenants (
              id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
              name text NOT NULL,
              slug text NOT NULL UNIQUE,
              is_active boolean NOT NULL DEFAULT true,
              created_at timestamptz NOT NULL DEFAULT now(),
              updated_at timestamptz NOT NULL DEFAULT now());
            CREATE TABLE tenant_integrations (
              id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
              tenant_id uuid NOT NULL REFERENCES tenants(id),
              integration_type text NOT NULL,
              is_active boolean NOT NULL DEFAULT true,
              environment text NOT NULL DEFAULT 'production',
              webhook_url text,
              connection_status text,
              config jsonb NOT NULL DEFAULT '{}',
              created_at timestamptz NOT NULL DEFAULT now(),
              updated_at timestamptz NOT NULL DEFAULT now(),
              UNIQUE (tenant_id, integration_type, environment));
            """)) await tables.ExecuteNonQueryAsync(cancellation);
        foreach (var tenant in SimulatedFleet.Tenants)
        {
            await using var insert = database.CreateCommand(
                """
                WITH tenant AS (INSERT INTO tenants (name, slug, is_active) VALUES ($1, $1, $2) RETURNING id)
                INSERT INTO tenant_integrations (tenant_id, integration_type, is_active, webhook_url, connection_status, config)
                SELECT id, 'whatsapp', $3, $4, $5, $6::jsonb FROM tenant WHERE $7
                """);
            object[] values =
            [
                tenant.Slug, tenant.Condition != Condition.TenantInactive, tenant.Condition != Condition.InactiveSeenOpen,
                $"{webhookBase}/api/whatsapp/webhook/{tenant.Slug}", ConnectionStatus(tenant.Condition),
                Config(tenant, gatewayUrls[tenant.Gateway]), tenant.Condition != Condition.NoIntegration,
            ];
            foreach (var value in values) insert.Parameters.Add(new() { Value = value });
            await insert.ExecuteNonQueryAsync(cancellation);
        }
    }

    private static string Config(SimulatedTenant tenant, string gatewayUrl)
    {
        var config = new Dictionary<string, string> { ["api_url"] = gatewayUrl, ["environment"] = "production" };
        if (tenant.Condition == Condition.WrongInstanceName) config["instance_name"] = tenant.Slug;
        else if (tenant.Condition != Condition.NoInstanceName) config["instance_name"] = tenant.Instance;
        return JsonSerializer.Serialize(config);
    }

    // What the product's page last saw, which is not always the truth.
    private static string ConnectionStatus(Condition condition) => condition switch
    {
        Condition.InactiveSeenOpen or Condition.LoggedOut => "disconnected",
        Condition.Connecting or Condition.ListLies => "connecting",
        _ => "connected",
    };
}
