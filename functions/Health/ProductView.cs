using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>What one sweep saw of the product's database.</summary>
/// <param name="Tenants">The active tenants; null: not seen.</param>
/// <param name="Owners">Exact instance name → slug, over all tenants, active or not.</param>
internal sealed record ProductView(
    IReadOnlyList<Tenant>? Tenants, IReadOnlyDictionary<string, string> Owners, TimeSpan? Ping, string? Problem, bool IsUnfinished)
{
    /// <summary>Every tenant, active or not; null: not seen.</summary>
    public IReadOnlyList<Tenant>? All { get; init; } = Tenants;

    /// <summary>A system whose fleet entry names no product database.</summary>
    public static ProductView None { get; } = new([], new Dictionary<string, string>(), null, null, false);
}
