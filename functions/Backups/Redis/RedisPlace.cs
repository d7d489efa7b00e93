using StackExchange.Redis;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>A connection to the Redis database of a backup, for one job only.</summary>
internal sealed class RedisPlace : IAsyncDisposable
{
    private const int ConnectMilliseconds = 5000;
    private const int CallMilliseconds = 30_000;
    private const int Page = 500;

    private readonly ConnectionMultiplexer _connection;

    private RedisPlace(ConnectionMultiplexer connection, IServer server, IDatabase database) => (_connection, Server, Database) = (connection, server, database);

    public IServer Server { get; }

    public IDatabase Database { get; }

    /// <exception cref="BackupException">It does not answer, says no, or is several servers.</exception>
    public static async Task<RedisPlace> OpenAsync(string configuration, CancellationToken cancellation)
    {
        try
        {
            var options = ConfigurationOptions.Parse(configuration);
            (options.AbortOnConnectFail, options.ConnectRetry, options.ConnectTimeout, options.SyncTimeout, options.AsyncTimeout, options.ClientName) = (true, 1, ConnectMilliseconds, CallMilliseconds, CallMilliseconds, "whatsops");
            var connection = await ConnectionMultiplexer.ConnectAsync(options).WaitAsync(cancellation);
            var servers = connection.GetServers().Where(server => server is { IsConnected: true, IsReplica: false }).ToArray();
            if (servers is [var only] && only.ServerType == ServerType.Standalone) return new(connection, only, connection.GetDatabase(options.DefaultDatabase ?? 0));
            await connection.DisposeAsync();
            throw new BackupException($"The Redis of the fleet file is {servers.Length} servers; a backup is of one server without cluster.", isLasting: true);
        }
        catch (RedisConnectionException problem)
        {
            // The kind of failure only: the message quotes the configuration.
            throw new BackupException($"Redis could not be reached: {problem.FailureType}.", problem.FailureType == ConnectionFailureType.AuthenticationFailure);
        }
        catch (ArgumentException)
        {
            throw new BackupException("The Redis configuration is not one. Fix: host:6379,password=…,defaultDatabase=0", isLasting: true);
        }
    }

    /// <summary>The keys with these beginnings; none means all. SCAN in pages, so that a busy server serves others between them; it may tell a key twice.</summary>
    public async IAsyncEnumerable<RedisKey> KeysAsync(IReadOnlyList<string> prefixes, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var prefix in prefixes.DefaultIfEmpty(""))
            await foreach (var key in Server.KeysAsync(Database.Database, prefix + "*", Page).WithCancellation(cancellation)) yield return key;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();
}
