namespace WhatsOps.Fleet;

/// <summary>The product's WhatsApp rows one by one, for audits: also those of nobody, and all environments of a tenant.</summary>
public interface IIntegrationRows
{
    /// <summary>Every row. Throws what the connection throws.</summary>
    Task<IntegrationRows> ReadAsync(FleetSystem system, CancellationToken cancellation);
}
