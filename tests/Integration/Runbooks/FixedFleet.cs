using WhatsOps.Fleet;

namespace WhatsOps.Tests.Integration.Runbooks;

/// <summary>A fleet that the test sets.</summary>
internal sealed class FixedFleet(FleetDocument document) : IFleet
{
    public FleetDocument Document { get; set; } = document;

    public ValueTask<FleetVersion?> CurrentAsync(CancellationToken cancellation) => new(new FleetVersion(1, Document, DateTimeOffset.UnixEpoch, "ana"));

    public string Resolve(string reference) => reference;
}
