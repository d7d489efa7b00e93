using WhatsOps.Fleet;
using WhatsOps.Health;

namespace WhatsOps.Audits;

/// <summary>Reads the product's rows for an audit; what was not read of them stands in its sheet.</summary>
internal sealed class ProductRows(IIntegrationRows rows)
{
    /// <summary>Null: they could not be read.</summary>
    public async Task<IntegrationRows?> ReadAsync(AuditScene scene, AuditSheet sheet, CancellationToken cancellation)
    {
        try
        {
            var all = await rows.ReadAsync(scene.System, cancellation);
            if (all.IsCut) sheet.Unfinished(null, $"only the first {all.Rows.Count} rows of tenant_integrations were read");
            return all;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            sheet.Unfinished(null, $"rows of tenant_integrations: {ProductObserver.Describe(problem)}");
            return null;
        }
    }
}
