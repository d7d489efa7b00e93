using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Looks at the product's database and reads its tenants .</summary>
internal sealed class ProductObserver(ITenantDirectory directory)
{
    public async Task<ProductView> ObserveAsync(FleetSystem system, CancellationToken deadline)
    {
        if (system.TenantDirectory is null) return ProductView.None;
        try
        {
            var ping = await directory.PingAsync(system, deadline);
            var tenants = await directory.ListAsync(system, deadline);
            var owners = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var tenant in tenants) owners[system.InstancePrefix + tenant.Slug] = tenant.Slug;
            return new ProductView([.. tenants.Where(tenant => tenant.IsActive)], owners, ping, null, false) { All = tenants };
        }
        catch (Exception) when (deadline.IsCancellationRequested)
        {
            return new ProductView(null, new Dictionary<string, string>(), null, null, true);
        }
        catch (Exception problem)
        {
            return new ProductView(null, new Dictionary<string, string>(), null, Describe(problem), false);
        }
    }

    /// <summary>PostgreSQL's own words are safe and useful; other messages might quote a connection string.</summary>
    public static string Describe(Exception problem) => problem switch
    {
        MissingSecretException missing => missing.Message,
        PostgresException answered => $"{answered.SqlState} {answered.MessageText}",
        NpgsqlException { InnerException: { } inner } => $"no connection ({inner.GetType().Name})",
        _ => problem.GetType().Name,
    };
}
