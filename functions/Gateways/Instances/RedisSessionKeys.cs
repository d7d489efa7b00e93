using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Gateways;

/// <inheritdoc cref="ISessionKeys"/>
/// <remarks>Evolution's keys: <c>{prefix}:instance:{instanceId}</c>. SCAN in pages, so that a busy server serves its gateways between them.</remarks>
internal sealed class RedisSessionKeys(IFleet fleet, TimeProvider time) : ISessionKeys
{
    private const int Page = 500;
    private const int Most = 100_000;
    private const int ConnectMilliseconds = 5000;

    public async Task<Observation<IReadOnlyList<string>>> InstanceIdsAsync(RedisOptions redis, CancellationToken cancellation)
    {
        var (at, started) = (time.GetUtcNow(), time.GetTimestamp());
        var configuration = fleet.Resolve(redis.ConnectionString);
        try
        {
            var options = ConfigurationOptions.Parse(configuration);
            (options.AbortOnConnectFail, options.ConnectRetry, options.ConnectTimeout, options.AllowAdmin, options.ClientName) = (true, 1, ConnectMilliseconds, false, "whatsops");
            // Weekly: a connection for the look, not one for life.
            await using var connection = await ConnectionMultiplexer.ConnectAsync(options);
            var prefix = $"{redis.Prefix}:instance:";
            var ids = new SortedSet<string>(StringComparer.Ordinal);
            foreach (var server in connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }))
                await foreach (var key in server.KeysAsync(options.DefaultDatabase ?? 0, prefix + "*", Page).WithCancellation(cancellation))
                {
                    ids.Add(key.ToString()[prefix.Length..]);
                    if (ids.Count > Most) return Result(Outcome.Unreachable, null, $"more than {Most} session keys");
                }

            return Result(Outcome.Seen, [.. ids], null);
        }
        catch (RedisConnectionException problem)
        {
            // The kind of failure only: the message quotes the configuration.
            return Result(problem.FailureType == ConnectionFailureType.AuthenticationFailure ? Outcome.Unauthorized : Outcome.Unreachable, null, $"Redis: {problem.FailureType}");
        }
        catch (Exception problem) when (problem is RedisException or TimeoutException or ArgumentException)
        {
            return Result(Outcome.Unreachable, null, $"Redis: {problem.GetType().Name}");
        }

        Observation<IReadOnlyList<string>> Result(Outcome outcome, IReadOnlyList<string>? value, string? detail) => new(outcome, value, detail, at, time.GetElapsedTime(started));
    }
}
