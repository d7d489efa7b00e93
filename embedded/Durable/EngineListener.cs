using Microsoft.Extensions.Logging;
using Npgsql;

namespace WhatsOps.Embedded.Durable;

/// <summary>One connection that listens. A lost one is replaced, and everybody looks once, because notifications may have been missed.</summary>
internal sealed class EngineListener(NpgsqlDataSource source, Action command, Action change, TimeProvider time, ILogger logger)
{
    /// <summary>Clients to the owner: there are commands.</summary>
    public const string CommandChannel = "durable_commands";

    /// <summary>The owner to everybody: instances have started or ended, or the lease is free.</summary>
    public const string ChangeChannel = "durable_changes";

    public async Task RunAsync(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(cancellation);
                connection.Notification += (_, notification) => (notification.Channel == CommandChannel ? command : change)();
                await using (var listen = new NpgsqlCommand($"LISTEN {CommandChannel}; LISTEN {ChangeChannel}", connection))
                    await listen.ExecuteNonQueryAsync(cancellation);
                command();
                change();
                while (true) await connection.WaitAsync(cancellation);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested)
            {
                logger.LogDebug("The listening connection is lost: {Reason}", exception.Message);
                await Task.Delay(TimeSpan.FromMilliseconds(200), time, CancellationToken.None);
            }
            catch (Exception)
            {
                return;
            }
        }
    }
}
