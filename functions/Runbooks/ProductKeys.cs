using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Runbooks;

/// <summary>Whether a product keeps the gateway's key in its rows (config.api_key, in clear). WhatsOps compares it and never writes it .</summary>
public sealed class ProductKeys(ITenantDirectory directory, IFleet fleet)
{
    /// <summary>Of the tenant's rows that point to the step's gateway.</summary>
    public async Task<ProductKey> FindAsync(StepContext step, CancellationToken cancellation)
    {
        var endpoint = step.Endpoint();
        using var rows = JsonDocument.Parse(await directory.ExportIntegrationAsync(step.System, step.Target.Tenant, cancellation));
        var kept = rows.RootElement.EnumerateArray().Select(Config).OfType<JsonElement>().Where(config => config.Text("api_url") == endpoint.Url)
            .Select(config => config.Text("api_key")).OfType<string>().Where(key => key.Length > 0).ToList();
        var right = fleet.Resolve(endpoint.ApiKey).Trim();
        return kept.Count == 0 ? ProductKey.None : kept.All(key => key == right) ? ProductKey.Right : ProductKey.Another;
    }

    // Some installations have a text column there.
    private static JsonElement? Config(JsonElement row)
    {
        if (!row.TryGetProperty("config", out var config)) return null;
        if (config.ValueKind == JsonValueKind.String) config = JsonSerializer.Deserialize<JsonElement>(config.GetString()!);
        return config.ValueKind == JsonValueKind.Object ? config : null;
    }
}
