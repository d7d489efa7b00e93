using System.Collections.Concurrent;
using StackExchange.Redis;

namespace WhatsOps.Watch;

/// <summary>One connection for every target, kept between looks. One that nobody used for five minutes is closed, so a target that left the fleet keeps none.</summary>
internal sealed class RedisConnections(TimeProvider time) : IDisposable
{
    // An old connection that times out, a new one, and the question why: together less than the patience of a look.
    private const int ConnectMilliseconds = 4000;
    private const int CallMilliseconds = 3000;
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Held> _held = new(StringComparer.Ordinal);

    public int Count => _held.Count;

    /// <summary>How a look connects; null: that is no configuration. An address of another client (<c>redis://</c>) would be taken for the name of a machine.</summary>
    public static ConfigurationOptions? Options(string configuration)
    {
        if (configuration.Contains("://", StringComparison.Ordinal)) return null;
        try
        {
            var options = ConfigurationOptions.Parse(configuration);
            if (options.EndPoints.Count == 0) return null;
            options.SetDefaultPorts();
            (options.AbortOnConnectFail, options.ConnectRetry, options.ConnectTimeout, options.SyncTimeout, options.AsyncTimeout, options.ClientName) =
                (true, 1, ConnectMilliseconds, CallMilliseconds, CallMilliseconds, "whatsops");
            // A look wants to know now, not when the server is back.
            options.BacklogPolicy = BacklogPolicy.FailFast;
            // For CONFIG GET alone; and a server that is only looked at gets no keys and no subscription of ours.
            (options.AllowAdmin, options.TieBreaker, options.ConfigurationChannel) = (true, "", "");
            return options;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>The connection of a target, and whether it was there before.</summary>
    /// <param name="key">Of the target; no two looks at one target are at work at once.</param>
    /// <exception cref="RedisConnectionException">No answer, or the credential is refused.</exception>
    public async Task<(ConnectionMultiplexer Connection, bool IsReused)> TakeAsync(string key, string configuration, ConfigurationOptions options, CancellationToken cancellation)
    {
        if (_held.TryGetValue(key, out var held) && held.Configuration == configuration)
        {
            _held[key] = held with { Used = time.GetUtcNow() };
            return (held.Connection, true);
        }

        Drop(key);
        var connection = await ConnectAsync(options, cancellation);
        _held[key] = new(configuration, connection, time.GetUtcNow());
        return (connection, false);
    }

    /// <summary>Closes the connection of a target.</summary>
    public void Drop(string key)
    {
        if (!_held.TryRemove(key, out var held)) return;
        // Disposing alone would wait for answers that do not come.
        held.Connection.Close(allowCommandsToComplete: false);
        held.Connection.Dispose();
    }

    public void CloseIdle()
    {
        foreach (var (key, held) in _held)
            if (time.GetUtcNow() - held.Used > Idle) Drop(key);
    }

    public void Dispose()
    {
        foreach (var key in _held.Keys) Drop(key);
    }

    private static async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options, CancellationToken cancellation)
    {
        var connecting = ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            return await connecting.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            // It may still come about.
            _ = connecting.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            throw;
        }
    }

    private sealed record Held(string Configuration, ConnectionMultiplexer Connection, DateTimeOffset Used);
}
