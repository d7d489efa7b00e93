namespace WhatsOps.Fleet;

/// <summary>A Redis server: PING, INFO, its settings where CONFIG is allowed, and the Bull queues in it .</summary>
public sealed record RedisTarget : WatchTarget
{
    /// <summary>Reference to a StackExchange.Redis configuration.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Bull's prefix of keys.</summary>
    public string BullPrefix { get; init; } = "bull";

    /// <summary>Exact names of Bull queues, e.g. <c>CampaignQueue</c>. A queue without any key is absent, which is a finding.</summary>
    public IReadOnlyList<string> BullQueues { get; init; } = [];

    /// <summary>Settings that CONFIG GET must give back, e.g. <c>maxmemory-policy</c>: <c>allkeys-lru</c>. One that differs is a finding.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>True: a server that keeps nothing on disk is a finding.</summary>
    public bool MustPersist { get; init; }
}
