using System.Collections.Concurrent;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Telemetry;

namespace WhatsOps.Events;

/// <inheritdoc cref="IEventAlarms"/>
/// <remarks>Adds up what it hears and raises findings from it; what cannot be raised now is kept for the next time.</remarks>
internal sealed class EventAlarms(IFindings findings, TokenDoubts doubts, TimeProvider time) : IEventAlarms
{
    // Instance names come from outside: more different ones than this at once tell nothing new.
    private const int MaxPlaces = 1_000;

    // A single wrong key is somebody's typing error; these many are a webhook with a wrong secret.
    private const int FailuresWorthTelling = 3;
    private static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string System, string Tenant, string Instance), Sum> _foreign = new();
    // An instance made anew outside WhatsOps has a token that the next sweep, of every five minutes, reads first.
    private static readonly TimeSpan TokenDoubt = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string System, string Tenant, string Instance), Sum> _tokens = new();
    private readonly ConcurrentDictionary<(string System, string? Tenant), Sum> _failures = new();

    public void ForeignInstance(string system, string tenant, string instance, string eventName)
    {
        if (_foreign.Count < MaxPlaces) _foreign.GetOrAdd((system, tenant, instance), _ => new(time.GetUtcNow())).Add(eventName);
    }

    public void ForeignToken(string system, string tenant, string instance, byte[] hash, string eventName)
    {
        if (_tokens.Count < MaxPlaces) _tokens.GetOrAdd((system, tenant, instance), _ => new(time.GetUtcNow())).Add(eventName, hash);
    }

    public void ProofFailed(string system, string? tenant)
    {
        if (_failures.Count < MaxPlaces) _failures.GetOrAdd((system, tenant), _ => new(time.GetUtcNow())).Add(null);
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var (place, sum) in _foreign)
        {
            await findings.RaiseAsync(Foreign(place.System, place.Tenant, place.Instance, sum), now, cancellation);
            _foreign.TryRemove(place, out _);
        }

        foreach (var (place, sum) in _tokens.Where(one => now - one.Value.Since >= TokenDoubt))
        {
            if (await doubts.ForeignAsync(place.System, place.Tenant, place.Instance, sum.Hash!, cancellation) is { } owner)
                await findings.RaiseAsync(Token(place.System, place.Tenant, place.Instance, owner, sum), now, cancellation);
            _tokens.TryRemove(place, out _);
        }

        foreach (var (place, sum) in _failures)
        {
            var isWorthTelling = sum.Count >= FailuresWorthTelling;
            if (!isWorthTelling && now - sum.Since < FailureWindow) continue;
            if (isWorthTelling) await findings.RaiseAsync(Failure(place.System, place.Tenant, sum), now, cancellation);
            _failures.TryRemove(place, out _);
        }
    }

    private static ObservedFinding Foreign(string system, string tenant, string instance, Sum sum) => new(
        "tenant_isolation_slug_mismatch", "receiver", system, null, tenant, instance, Severity.Critical,
        $"The webhook of tenant {tenant} delivers events of instance {instance}, which is not its own: two customers' messages may be mixed up.",
        new Dictionary<string, string> { ["events"] = $"{sum.Count}", ["last_event"] = sum.Event ?? "", ["since"] = $"{sum.Since:O}" },
        null) { Origin = sum.Trace };

    private static ObservedFinding Token(string system, string tenant, string instance, string owner, Sum sum) => new(
        "tenant_isolation_slug_mismatch", "receiver", system, null, tenant, instance, Severity.Critical,
        $"Events of instance {instance} carry {(owner.Length == 0 ? "a token that is not its own" : $"the token of instance {owner}")}: another instance, or somebody else, sends in its name.",
        new Dictionary<string, string> { ["events"] = $"{sum.Count}", ["last_event"] = sum.Event ?? "", ["since"] = $"{sum.Since:O}", ["token_of"] = owner.Length == 0 ? "unknown" : owner },
        null) { Origin = sum.Trace };

    private static ObservedFinding Failure(string system, string? tenant, Sum sum) => new(
        "webhook_proof_failures", "receiver", system, null, tenant, null, Severity.High,
        tenant is null
            ? $"What comes to Meta's door of {system} carries no signature that fits the app's secret. If it is Meta's, it is repeated for days and lost then: compare meta.appSecret with the app's."
            : $"Webhooks for tenant {tenant} carry no proof that fits its secret; the gateway drops an event for good on this answer.",
        new Dictionary<string, string> { ["refused"] = $"{sum.Count}", ["since"] = $"{sum.Since:O}" },
        null) { Origin = sum.Trace };

    private sealed class Sum(DateTimeOffset since)
    {
        private int _count;

        public DateTimeOffset Since => since;

        public int Count => _count;

        public string? Event { get; private set; }

        /// <summary>The last of the requests that was traced: one finding gathers many, and has one trace.</summary>
        public string? Trace { get; private set; }

        /// <summary>Of the last token that did not fit.</summary>
        public byte[]? Hash { get; private set; }

        public void Add(string? eventName, byte[]? hash = null)
        {
            Interlocked.Increment(ref _count);
            Hash = hash;
            Event = eventName;
            Trace = Traces.Current ?? Trace;
        }
    }
}
