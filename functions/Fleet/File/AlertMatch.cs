namespace WhatsOps.Fleet;

/// <summary>Which findings a route is for. An empty list means all; several lists must all fit. Names compare exactly.</summary>
public sealed record AlertMatch
{
    public IReadOnlyList<string> Systems { get; init; } = [];

    public IReadOnlyList<string> Kinds { get; init; } = [];

    /// <summary>A finding of no tenant fits only an empty list.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    public IReadOnlyList<Severity> Severities { get; init; } = [];

    /// <summary>True: only findings of security, whatever their kinds are called .</summary>
    public bool Security { get; init; }
}
