using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Looks at Redis: PING, INFO, settings, and the Bull queues in it .</summary>
internal sealed class RedisProbe(IFleet fleet, TimeProvider time) : IProbe, IDisposable
{
    private readonly RedisConnections _connections = new(time);

    public int Connections => _connections.Count;

    public IEnumerable<Look> LooksAt(FleetSystem system)
    {
        // Asked at every tick, so this is where the connection of a target that is gone ends.
        _connections.CloseIdle();
        return (system.Watch?.Redis ?? []).Select(target => new Look(
            "redis/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync($"{system.Name}/{target.Name}", target, token)));
    }

    public void Dispose() => _connections.Dispose();

    private async Task<Reading> ReadAsync(string key, RedisTarget target, CancellationToken cancellation)
    {
        var configuration = fleet.Resolve(target.ConnectionString);
        if (RedisConnections.Options(configuration) is not { } options)
            return Reading.Unauthorized("Its reference holds no configuration of StackExchange.Redis. Fix: host:6379,user=…,password=…,defaultDatabase=0 instead of redis://…");
        while (true)
        {
            var isReused = false;
            Exception? problem = null;
            try
            {
                (var connection, isReused) = await _connections.TakeAsync(key, configuration, options, cancellation);
                if (await LookAsync(connection, target, cancellation) is { } reading) return reading;
            }
            catch (Exception failure) when (failure is RedisException or TimeoutException)
            {
                problem = failure;
            }
            catch (OperationCanceledException)
            {
                _connections.Drop(key);
                throw;
            }

            _connections.Drop(key);
            // A connection that was good a minute ago may only be old; a new one tells.
            if (!isReused) return await RedisFailures.ReadAsync(problem, options, time, cancellation);
        }
    }

    // Null: the connection broke.
    private async Task<Reading?> LookAsync(ConnectionMultiplexer connection, RedisTarget target, CancellationToken cancellation)
    {
        var servers = connection.GetServers();
        var server = servers.FirstOrDefault(server => server is { IsConnected: true, IsReplica: false }) ?? servers.FirstOrDefault(server => server.IsConnected);
        if (server is null) return null;
        // The database of the configuration is the one that the product's keys are in.
        var database = connection.GetDatabase();
        var ping = await server.PingAsync().WaitAsync(cancellation);
        var troubles = new List<Trouble>();
        foreach (var silent in servers.Where(server => !server.IsConnected))
            troubles.Add(new(TroubleKinds.Unhealthy, Severity.High, "One of the servers of the configuration does not answer.") { Subject = silent.EndPoint.ToString() ?? "" });
        var info = await InfoAsync(server, troubles).WaitAsync(cancellation);
        if (info is not null) troubles.AddRange(RedisVitals.Troubles(info, target));
        troubles.AddRange(await new RedisSettings(server, target).CheckAsync(info).WaitAsync(cancellation));
        var queues = await Task.WhenAll(target.BullQueues.Select(name => new BullQueue(database, target.BullPrefix, name, time).ReadAsync())).WaitAsync(cancellation);
        return Reading.Seen(
            info is null ? "Redis answers PING." : RedisVitals.Words(info, ping),
            [new("redis.ping.milliseconds", ping.TotalMilliseconds), .. info is null ? [] : RedisVitals.Measures(info, time.GetUtcNow()), .. queues.SelectMany(queue => queue.Measures)],
            troubles.Concat(queues.SelectMany(queue => queue.Troubles)));
    }

    private static async Task<RedisInfo?> InfoAsync(IServer server, List<Trouble> troubles)
    {
        try
        {
            return new(await server.InfoRawAsync() ?? "");
        }
        catch (RedisServerException)
        {
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Low, "INFO is forbidden or renamed, so memory, clients and persistence are not seen. Allow +info to the user.") { Subject = "INFO" });
            return null;
        }
    }
}
