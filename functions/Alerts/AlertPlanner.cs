using Npgsql;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Turns changes of findings into messages, once: the changes are consumed in the transaction that writes the outbox.</summary>
internal sealed class AlertPlanner(NpgsqlDataSource database, IFleet fleet, IEnumerable<IAttemptedRemedies> remedies, TimeProvider time)
{
    /// <summary>How many messages were written.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { Document: var document }) return 0;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var store = new AlertStore(connection);
        if (!await store.TryLockAsync(cancellation)) return 0;
        var taken = await store.TakeAsync(now, cancellation);
        if (taken.Count == 0) return 0;

        var sources = await store.SourcesAsync(now, cancellation);
        var candidates = taken.Select(candidate => Judged(document, candidate, sources, now)).ToArray();
        var plan = AlertPlan.Of(document.Alerts, candidates, await store.NotesAsync(candidates.Select(candidate => candidate.Fingerprint), cancellation), now);
        var messages = await WriteAsync(document, plan, store, now, cancellation);
        await store.NoteAsync(plan.Notes, cancellation);
        await store.ClockAsync(plan.Clocks, cancellation);
        await transaction.CommitAsync(cancellation);
        return messages;
    }

    private static AlertCandidate Judged(FleetDocument document, AlertCandidate candidate, IReadOnlyList<Finding> sources, DateTimeOffset now)
    {
        var (finding, overrides) = (candidate.Finding, document.Alerts.Severities);
        var system = document.Systems.FirstOrDefault(known => known.Name == finding.System);
        return candidate with
        {
            Finding = ToldSeverity.Of(overrides, finding),
            AcknowledgedSeverity = candidate.AcknowledgedSeverity is { } taken ? ToldSeverity.Of(overrides, finding.System, finding.Kind, taken) : null,
            Elsewhere = [.. candidate.Elsewhere.Select(other => ToldSeverity.Of(overrides, other))],
            IsInhibited = Inhibitions.Hold(sources, finding),
            IsInMaintenance = system is not null && MaintenanceWindows.Contain(system, finding.Tenant, now),
        };
    }

    private async Task<int> WriteAsync(FleetDocument document, AlertPlan plan, AlertStore store, DateTimeOffset now, CancellationToken cancellation)
    {
        var told = plan.Routes.SelectMany(route => route.Told).ToArray();
        if (told.Length == 0) return 0;
        var tellings = await store.TellingsAsync(told.Select(one => one.Candidate.Finding.Id).Distinct(), cancellation);
        var known = new Dictionary<string, AlertLine>(StringComparer.Ordinal);
        var count = 0;
        foreach (var (route, ofRoute) in plan.Routes)
            foreach (var ofSystem in ofRoute.GroupBy(one => one.Candidate.Finding.System))
            {
                var lines = new List<AlertLine>();
                foreach (var one in ofSystem) lines.Add(await LineAsync(one, known, tellings, store, cancellation));
                var writer = new AlertWriter(route.Language ?? document.Alerts.Language, document.Alerts.Contacts);
                foreach (var message in writer.Write(ofSystem.Key, lines, now))
                {
                    await store.EnqueueAsync(Guid.CreateVersion7(now), route.Name, ofSystem.Key, message, now, cancellation);
                    count++;
                }
            }

        return count;
    }

    // What is asked of the database and the runs is asked once per finding, however many routes are told.
    private async Task<AlertLine> LineAsync(
        AlertPlan.Told told, Dictionary<string, AlertLine> known, ILookup<long, Telling> tellings, AlertStore store, CancellationToken cancellation)
    {
        var (candidate, finding) = (told.Candidate, told.Candidate.Finding);
        if (!known.TryGetValue(candidate.Fingerprint, out var line))
            known[candidate.Fingerprint] = line = new(told.Event, finding)
            {
                CheckSeverity = candidate.CheckSeverity == finding.Severity ? null : candidate.CheckSeverity,
                Tried = await TriedAsync(finding, cancellation),
                Told = [.. tellings[finding.Id]],
                HoldsBack = finding.State == FindingState.Closed ? 0 : await store.CountHeldAsync(finding with { Severity = candidate.CheckSeverity }, cancellation),
            };
        return line with { Event = told.Event, Level = told.Level, Unattended = told.Unattended };
    }

    private async Task<IReadOnlyList<AttemptedRemedy>> TriedAsync(Finding finding, CancellationToken cancellation)
    {
        if (finding.State == FindingState.Closed) return [];
        var tried = new List<AttemptedRemedy>();
        foreach (var remedy in remedies) tried.AddRange(await remedy.ForAsync(finding, cancellation));
        return tried;
    }
}
