using System.Text.Json;
using Npgsql;

namespace WhatsOps.Cli.Up;

/// <summary>The simulated product's database: Revalya's two tables as its own code writes them, with the fleet's tenants.</summary>
internal static class SimulatedProduct
{
    public static async Task CreateAsync(string connectionString, IReadOnlyList<string> gatewayUrls, string webhookBase, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await RevalyaTables.CreateAsync(database);
        foreach (var tenant in SimulatedFleet.Tenants)
        {
            cancellation.ThrowIfCancellationRequested();
            await RevalyaTables.SeedAsync(
                database, tenant.Slug, tenant.Condition == Condition.NoIntegration ? null : Config(tenant, gatewayUrls[tenant.Gateway]),
                tenantActive: tenant.Condition != Condition.TenantInactive, integrationActive: tenant.Condition != Condition.InactiveSeenOpen,
                connectionStatus: ConnectionStatus(tenant.Condition), webhookUrl: $"{webhookBase}/api/whatsapp/webhook/{tenant.Slug}");
        }
    }

    /// <summary>What the product's page does when somebody switches a tenant's integration on.</summary>
    public static async Task SwitchOnAsync(string connectionString, string slug, CancellationToken cancellation)
    {
        await using var database = NpgsqlDataSource.Create(connectionString);
        await using var command = database.CreateCommand(
            "UPDATE tenant_integrations i SET is_active = true FROM tenants t WHERE t.id = i.tenant_id AND t.slug = $1 AND i.integration_type = 'whatsapp'");
        command.Parameters.Add(new() { Value = slug });
        if (await command.ExecuteNonQueryAsync(cancellation) != 1) throw new CliProblem($"The simulated product has no integration of {slug}.");
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
