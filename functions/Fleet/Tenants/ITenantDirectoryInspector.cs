namespace WhatsOps.Fleet;

/// <summary>Tells what WhatsOps may do in a product's database; for doctor.</summary>
public interface ITenantDirectoryInspector
{
    /// <summary>Reads rights and columns only, no rows. Throws what the connection throws.</summary>
    Task<DirectoryState> InspectAsync(FleetSystem system, CancellationToken cancellation);
}
