namespace WhatsOps.Fleet;

/// <summary>An applied fleet file.</summary>
public sealed record FleetVersion(long Version, FleetDocument Document, DateTimeOffset AppliedAt, string AppliedBy)
{
    public FleetSystem? System(string name) => Document.Systems.FirstOrDefault(system => system.Name == name);
}
