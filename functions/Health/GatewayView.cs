using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>What one sweep saw of one gateway.</summary>
/// <param name="Gateway">Null when it could not even be opened: <paramref name="Problem"/> says why.</param>
/// <param name="Probe">Null: cut off by the deadline; the same for <paramref name="List"/>.</param>
internal sealed record GatewayView(
    GatewayEndpoint Endpoint, IGateway? Gateway, Observation<GatewayHealth>? Probe, Observation<IReadOnlyList<InstanceSnapshot>>? List, int Calls, string? Problem)
{
    public string Name => Endpoint.Name;

    /// <summary>The kind of its system, for what a person should do about it.</summary>
    public string Kind { get; init; } = SystemKinds.Evolution;

    /// <summary>The deadline came before an answer.</summary>
    public bool IsUnfinished => Problem is null && (Probe is null || List is null);

    /// <summary>Its instances by exact name; empty unless the list was seen.</summary>
    public IReadOnlyDictionary<string, InstanceSnapshot> Instances { get; } = ByName(List);

    public bool IsListed => List is { IsSeen: true };

    private static Dictionary<string, InstanceSnapshot> ByName(Observation<IReadOnlyList<InstanceSnapshot>>? list)
    {
        var byName = new Dictionary<string, InstanceSnapshot>(StringComparer.Ordinal);
        if (list is { IsSeen: true, Value: { } instances })
            foreach (var instance in instances) byName[instance.Name] = instance;
        return byName;
    }
}
