namespace WhatsOps.Watch;

/// <summary>WhatsApp instances as the product's own table has them .</summary>
/// <param name="Configured">All that there are.</param>
/// <param name="Active">Connected.</param>
/// <param name="Down">Paired and not connected.</param>
public sealed record DashboardInstances(long Configured, long Active, long Down, IReadOnlyList<NamedCount> ByStatus);
