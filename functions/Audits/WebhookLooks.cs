using System.Collections.Concurrent;
using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>Asks one gateway for the webhooks of many instances: one call each, a few at once, up to a cap, and not on and on when it stops answering.</summary>
internal static class WebhookLooks
{
    public const int MostPerGateway = 2_000;
    private const int AtOnce = 8;

    // Each call may take 10 s: a gateway that went away must not cost the whole run.
    private const int FailuresThatEndIt = 10;

    /// <summary>By exact instance name; those not asked are left out.</summary>
    public static async Task<IReadOnlyDictionary<string, WebhookLook>> AskAsync(IGateway gateway, IEnumerable<string> instances, CancellationToken cancellation)
    {
        var looks = new ConcurrentDictionary<string, WebhookLook>(StringComparer.Ordinal);
        var failures = 0;
        await Parallel.ForEachAsync(
            instances.Take(MostPerGateway), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation }, async (instance, stop) =>
            {
                if (Volatile.Read(ref failures) >= FailuresThatEndIt) return;
                var webhook = await gateway.WebhookAsync(instance, stop);
                if (webhook.Outcome is Outcome.Unreachable or Outcome.Unauthorized) Interlocked.Increment(ref failures);
                else Interlocked.Exchange(ref failures, 0);
                looks[instance] = new(instance, webhook, webhook.Outcome != Outcome.Absent || await IsLoadedAsync(gateway, instance, stop));
            });
        return looks;
    }

    // "none" is also what Evolution says of an instance that it has not loaded.
    private static async Task<bool> IsLoadedAsync(IGateway gateway, string instance, CancellationToken cancellation) =>
        await gateway.StateAsync(instance, cancellation) is { IsSeen: true, Value: not InstanceState.NotLoaded };
}
