namespace WhatsOps.Fleet;

/// <summary>Where the gateways of a system keep their sessions, when they keep them in Redis (CACHE_REDIS_SAVE_INSTANCES).</summary>
public sealed record RedisOptions
{
    /// <summary>Reference to a StackExchange.Redis configuration, e.g. <c>redis:6379,password=…,ssl=true,defaultDatabase=6</c>. Reading is enough.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>The gateways' CACHE_REDIS_PREFIX_KEY; the default is that of Evolution's code, its example file says <c>evolution</c>.</summary>
    public string Prefix { get; init; } = "evolution-cache";
}
