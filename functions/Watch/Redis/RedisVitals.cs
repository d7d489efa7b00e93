using System.Globalization;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What INFO tells: numbers, and what the server itself says is wrong (R-009, R-015, R-369).</summary>
internal static class RedisVitals
{
    // Counters stay raw: they begin again when the server does.
    private static readonly (string Metric, string Name)[] Plain =
    [
        ("redis.uptime.seconds", "uptime_in_seconds"),
        ("redis.memory.used.bytes", "used_memory"),
        ("redis.clients.connected", "connected_clients"),
        ("redis.clients.blocked", "blocked_clients"),
        ("redis.keys.evicted", "evicted_keys"),
        ("redis.connections.rejected", "rejected_connections"),
        ("redis.errors", "total_error_replies"),
        ("redis.replicas.connected", "connected_slaves"),
        ("redis.replication.silence.seconds", "master_last_io_seconds_ago"),
        ("redis.save.changes", "rdb_changes_since_last_save"),
    ];

    public static IEnumerable<Measure> Measures(RedisInfo info, DateTimeOffset now)
    {
        foreach (var (metric, name) in Plain)
            if (info.Number(name) is { } value) yield return new(metric, value);
        if (info.Number("maxmemory") is > 0 and var most)
        {
            yield return new("redis.memory.max.bytes", most);
            // By policy, since full is what a cache that evicts should be, and what a store of jobs must not be.
            if (info.Number("used_memory") is { } used) yield return new("redis.memory.used.percent", used / most * 100, info.Text("maxmemory_policy") ?? "");
        }

        if (info.Number("rdb_last_save_time") is { } saved) yield return new("redis.save.age.seconds", Math.Max(0, now.ToUnixTimeSeconds() - saved));
    }

    public static IEnumerable<Trouble> Troubles(RedisInfo info, RedisTarget target)
    {
        if (info.Text("loading") == "1")
            yield return new(TroubleKinds.Unhealthy, Severity.High, "Redis loads its data from disk and serves nobody until it is done.");
        if (info.Text("rdb_last_bgsave_status") is { } saved and not "ok")
            yield return new(TroubleKinds.Unhealthy, Severity.High, $"The last snapshot to disk failed ({saved}): Redis refuses writes (MISCONF) as it is set up by default. Look at its log, the disk and vm.overcommit_memory.") { Subject = "rdb" };
        if (info.Text("aof_last_write_status") is { } written and not "ok")
            yield return new(TroubleKinds.Unhealthy, Severity.High, $"The last write to the append-only file failed ({written}). Look at the disk of Redis.") { Subject = "aof" };
        if (info.Text("role") == "slave" && info.Text("master_link_status") is { } link and not "up")
            yield return new(TroubleKinds.Unhealthy, Severity.High, $"It is a replica and its link to the primary is {link}: what it serves grows old.") { Subject = "replication" };
        if (target.BullQueues.Count > 0 && info.Number("maxmemory") > 0 && info.Text("maxmemory_policy") is { } policy and not "noeviction")
            yield return new(
                TroubleKinds.Misconfigured, Severity.Medium,
                $"Bull's queues are in a Redis that evicts keys when memory is full ({policy}): jobs and locks would vanish without a word. Fix: maxmemory-policy noeviction, or a Redis of their own.")
            { Subject = "eviction" };
    }

    public static string Words(RedisInfo info, TimeSpan ping) => string.Create(
        CultureInfo.InvariantCulture,
        $"Redis {info.Text("redis_version") ?? "of an unknown version"} answers PING in {ping.TotalMilliseconds:0.0} ms, with {info.Number("connected_clients") ?? 0:0} clients and {(info.Number("used_memory") ?? 0) / 1048576:0.0} MiB.");
}
