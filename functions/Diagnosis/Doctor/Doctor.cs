using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <inheritdoc cref="IDoctor"/>
internal sealed class Doctor(IFleet fleet, GatewayDoctor gateways, IEnumerable<ISystemDoctor> sides, OwnDoctor own, FleetDoctor file) : IDoctor
{
    private const int AtOnce = 8;

    public async Task<IReadOnlyList<DoctorCheck>> ExamineAsync(CancellationToken cancellation)
    {
        var current = await fleet.CurrentAsync(cancellation) ?? throw new ProblemException(503, "No fleet is applied yet.", null, "whatsops fleet apply FILE");
        var checks = new List<DoctorCheck>(file.Examine(current.Document));
        checks.AddRange(await own.ExamineAsync(cancellation));
        using var turn = new SemaphoreSlim(AtOnce);
        var visits = current.Document.Systems.SelectMany(system => system.Gateways
            .Select(gateway => VisitAsync(() => gateways.ExamineAsync(system, gateway, cancellation)))
            .Concat(sides.Select(side => VisitAsync(() => side.ExamineAsync(system, cancellation)))));
        foreach (var seen in await Task.WhenAll(visits)) checks.AddRange(seen);
        return checks;

        // A fleet of hanging gateways costs the slowest few, not the sum.
        async Task<IReadOnlyList<DoctorCheck>> VisitAsync(Func<Task<IReadOnlyList<DoctorCheck>>> examine)
        {
            await turn.WaitAsync(cancellation);
            try
            {
                return await examine();
            }
            finally
            {
                turn.Release();
            }
        }
    }
}
