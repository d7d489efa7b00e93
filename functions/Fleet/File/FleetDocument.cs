namespace WhatsOps.Fleet;

/// <summary>The fleet file: what we operate, how loudly, and who may act. Secrets stand in it as references (<c>${env:NAME}</c>) only.</summary>
public sealed record FleetDocument
{
    public IReadOnlyList<FleetSystem> Systems { get; init; } = [];

    public AlertSettings Alerts { get; init; } = new();

    public IReadOnlyList<Operator> Operators { get; init; } = [];
}
