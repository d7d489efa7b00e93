namespace WhatsOps.Fleet;

/// <summary>A product's tenants: narrow reads, and the few writes that runbooks need. Somebody else's tables.</summary>
public interface ITenantDirectory
{
    /// <summary>Every tenant of the system, active or not.</summary>
    Task<IReadOnlyList<Tenant>> ListAsync(FleetSystem system, CancellationToken cancellation);

    /// <summary>One tenant by its exact slug; null when there is none.</summary>
    Task<Tenant?> FindAsync(FleetSystem system, string slug, CancellationToken cancellation);

    /// <summary>Round trip time of <c>SELECT 1</c> on the product database; throws when it cannot be reached .</summary>
    Task<TimeSpan> PingAsync(FleetSystem system, CancellationToken cancellation);

    /// <summary>The tenant's whatsapp rows as JSON, whole: what a compensation puts back. Contains the product's own secrets: encrypt before storing.</summary>
    Task<string> ExportIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation);

    /// <summary>Whether exported rows are none, or hold no more than <see cref="SaveIntegrationAsync"/> writes: older ones of the product's own are worth more.</summary>
    bool IsBareIntegration(string rows);

    /// <summary>Deletes the tenant's whatsapp rows and says how many there were .</summary>
    Task<int> DeleteIntegrationAsync(FleetSystem system, string slug, CancellationToken cancellation);

    /// <summary>Puts exported rows back exactly as they were; rows that are there already are replaced.</summary>
    Task ImportIntegrationAsync(FleetSystem system, string slug, string rows, CancellationToken cancellation);

    /// <summary>Writes the row the product expects after create: config instance_name, api_url, environment, and webhook_url. Repeatable.</summary>
    Task SaveIntegrationAsync(FleetSystem system, string slug, SavedIntegration integration, CancellationToken cancellation);
}
