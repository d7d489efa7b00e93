namespace WhatsOps.Fleet;

/// <inheritdoc cref="IFleet"/>
internal sealed class FleetInForce(FleetStore store, References references, TimeProvider time) : IFleet, IDisposable
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(10);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile Cached? _cached;

    public ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation) =>
        Fresh() is { } cached ? new(cached.Version) : new(ReadAsync(cancellation));

    public string Resolve(string reference) => references.Resolve(reference);

    public void Dispose() => _turn.Dispose();

    /// <summary>The next question reads the database: called by the process that applied.</summary>
    public void Forget() => _cached = null;

    private Cached? Fresh() => _cached is { } cached && time.GetElapsedTime(cached.ReadAt) < MaxAge ? cached : null;

    private async Task<FleetVersion?> ReadAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (Fresh() is { } cached) return cached.Version;
            var readAt = time.GetTimestamp();
            var known = _cached?.Version;
            // An unchanged fleet costs one index look, not a document.
            var version = await store.NewestAsync(known?.Version ?? 0, cancellation) is { } newest ? Addressed(newest) : known;
            _cached = new Cached(version, readAt);
            return version;
        }
        finally
        {
            _turn.Release();
        }
    }

    // Addresses are compared with the product's rows and written into gateways and rows: a reference in them means nothing there.
    private FleetVersion Addressed(FleetVersion version) => version with
    {
        Document = version.Document with
        {
            Systems = [.. version.Document.Systems.Select(system => system with
            {
                Gateways = [.. system.Gateways.Select(gateway => gateway with { Url = Address(gateway.Url) })],
                Webhook = system.Webhook with { BaseUrl = system.Webhook.BaseUrl is { } url ? Address(url) : null },
            })],
        },
    };

    // Without a value the reference stays: whoever needs it is told its name.
    private string Address(string url) => references.Missing(url).Any() ? url : references.Resolve(url);

    private sealed record Cached(FleetVersion? Version, long ReadAt);
}
