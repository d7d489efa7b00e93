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
