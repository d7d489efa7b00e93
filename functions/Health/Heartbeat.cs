using Microsoft.Extensions.Logging;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>Pings the outside after a complete sweep, so that a dead WhatsOps is noticed by its silence.</summary>
internal sealed class Heartbeat(IHttpClientFactory http, IFleet fleet, TimeProvider time, ILogger<Heartbeat> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>True when delivered, null when none is configured. Never throws; the URL is a secret and appears nowhere.</summary>
    public async Task<bool?> PingAsync(AlertSettings settings, CancellationToken cancellation)
    {
        if (string.IsNullOrWhiteSpace(settings.HeartbeatUrl)) return null;
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var client = http.CreateClient(nameof(Heartbeat));
            using var answer = await client.GetAsync(new Uri(fleet.Resolve(settings.HeartbeatUrl)), either.Token);
            if (answer.IsSuccessStatusCode) return true;
            log.LogWarning("The heartbeat was answered with {Status}", (int)answer.StatusCode);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // Messages of HttpClient may quote the address.
            log.LogWarning("The heartbeat could not be delivered: {Problem}", problem.GetType().Name);
        }

        return false;
    }
}
