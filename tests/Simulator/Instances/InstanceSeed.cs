namespace WhatsOps.Simulator;

/// <summary>An instance that exists from the start, without any event having been sent for it.</summary>
public sealed record InstanceSeed
{
    public required string Name { get; init; }

    /// <summary>open, connecting or close: the truth, as connectionState tells it.</summary>
    public string State { get; init; } = "open";

    /// <summary>What fetchInstances tells; the truth when null.</summary>
    public string? ConnectionStatus { get; init; }

    public string? Token { get; init; }

    public string Integration { get; init; } = "WHATSAPP-BAILEYS";

    /// <summary>The number given at create, or null.</summary>
    public string? Number { get; init; }

    /// <summary>The number of the phone that scanned; made up for an open instance when null.</summary>
    public string? Owner { get; init; }

    public string? ProfileName { get; init; }

    /// <summary>Whether the session is still valid, so that the instance opens again by itself; null means: when open.</summary>
    public bool? Paired { get; init; }

    /// <summary>False: a row without an instance in memory, as when another gateway shares the database.</summary>
    public bool Loaded { get; init; } = true;

    /// <summary>open, but dead: see <see cref="EvolutionSimulator.SetZombie"/>.</summary>
    public bool Zombie { get; init; }

    /// <summary>Reason of the last terminal disconnection: 401, 402, 403 or 406.</summary>
    public int? DisconnectionReasonCode { get; init; }

    public DateTimeOffset? DisconnectionAt { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public WebhookSeed? Webhook { get; init; }
}
