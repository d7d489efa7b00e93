namespace WhatsOps.Fleet;

/// <summary>The keys of a Redis database in a backup set, as DUMP gives them .</summary>
public sealed record RedisBackup
{
    /// <summary>The part's name in the set; unique in its system.</summary>
    public required string Name { get; init; }

    /// <summary>Reference to a StackExchange.Redis configuration. Its user needs SCAN, DUMP and PTTL; for a restore RESTORE and UNLINK, too.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>Beginnings of keys, e.g. <c>bull:</c>. None: the whole database.</summary>
    public IReadOnlyList<string> Prefixes { get; init; } = [];
}
