namespace WhatsOps.Fleet;

/// <inheritdoc cref="IFleetVersions"/>
internal sealed class FleetVersions(FleetStore store, FleetInForce inForce, References references, IAuditTrail audit) : IFleetVersions
{
    public async Task<string?> TextAsync(CancellationToken cancellation) => (await store.NewestTextAsync(cancellation)).Text;

    public Task<IReadOnlyList<AppliedFleet>> ListAsync(int limit, CancellationToken cancellation) => store.ListAsync(limit, cancellation);

    public FleetApplied Validate(string text)
    {
        var reading = FleetReader.Read(text);
        return new FleetApplied(null, "", reading.Problems, Warnings(reading));
    }

    public async Task<FleetApplied> ApplyAsync(string text, string by, bool onlyFirst, CancellationToken cancellation)
    {
        var reading = FleetReader.Read(text);
        if (reading.Document is null) return await RefuseAsync(by, reading.Problems, cancellation);
        var (current, before) = await store.NewestTextAsync(cancellation);
        var changes = FleetDiff.Summary(before, reading.Json!);
        if (changes.Length == 0)
        {
            await store.ResolveRejectionsAsync(cancellation);
            return new FleetApplied(current, changes, [], Warnings(reading));
        }

        var version = await store.AddAsync(reading.Document, reading.Json!, by, changes, onlyFirst, cancellation);
        inForce.Forget();
        if (version is null) return new FleetApplied(current, "", [], Warnings(reading));
        await audit.RecordAsync(by, "fleet.apply", null, null, $"version {version.Version}: {changes}", cancellation);
        return new FleetApplied(version.Version, changes, [], Warnings(reading));
    }

    private async Task<FleetApplied> RefuseAsync(string by, IReadOnlyList<FleetProblem> problems, CancellationToken cancellation)
    {
        await store.RejectAsync(by, problems, cancellation);
        await audit.RecordAsync(by, "fleet.reject", null, null, $"{problems.Count} problems, first: {problems[0]}", cancellation);
        return new FleetApplied(null, "", problems, []);
    }

    private FleetProblem[] Warnings(FleetReading reading) => [.. references.Missing(reading.Json ?? "").Distinct()
        .Select(reference => new FleetProblem(reference, "has no value on this host", "set it in the environment and restart, before what hangs on it is needed"))];
}
