using System.Text.Json.Serialization;

namespace WhatsOps.Gateways;

/// <summary>One instance as the gateway's list shows it. Evolution's list may lie: open here, connecting on direct look.</summary>
/// <param name="DisconnectionReason">Baileys code; 401, 402, 403 and 406 are terminal: only re-pairing helps.</param>
public sealed record InstanceSnapshot(
    string Name, InstanceState State, string? InstanceId, bool IsPaired, int? DisconnectionReason, DateTimeOffset? DisconnectedAt, DateTimeOffset? UpdatedAt)
{
    /// <summary>True when the gateway has no device of it: it was logged out or never paired, and connecting it only shows codes.</summary>
    public bool MustPair { get; init; }

    /// <summary>Its own token, where the list shows one.</summary>
    [JsonIgnore]
    public InstanceToken? Token { get; init; }

    /// <summary>True where the list and a direct look read the same row: a second look tells no more.</summary>
    public bool IsLive { get; init; }
}
