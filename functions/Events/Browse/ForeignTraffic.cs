namespace WhatsOps.Events;

/// <summary>Events of a foreign instance at a tenant's door.</summary>
/// <param name="Tenant">Whose secret proved the requests.</param>
/// <param name="Instance">As the bodies say it, phone numbers masked.</param>
public sealed record ForeignTraffic(string Tenant, string Instance, long Count, DateTimeOffset LastAt);
