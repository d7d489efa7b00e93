namespace WhatsOps.Fleet;

/// <summary>A named person who may look, act or approve.</summary>
public sealed record Operator
{
    public required string Name { get; init; }

    public required OperatorRole Role { get; init; }

    /// <summary><c>sha256:</c> + hex of the operator's key; the key itself is shown once by <c>whatsops operator key</c> and kept nowhere.</summary>
    public required string KeyHash { get; init; }
}
