using Npgsql;
using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Turns changes of findings into messages, once: the changes are consumed in the transaction that writes the outbox.</summary>
internal sealed class AlertPlanner(NpgsqlDataSource database, IFleet fleet, IEnumerable<IAttemptedRemedies> remedies, TimeProvider time)
{
    // A reminder more often than once a minute is a loop.
    private const int LeastCooldownMinutes = 1;

    /// <summary>How many messages were written.</summary>
    public async Task<int> PlanAsync(CancellationToken cancellation)
    {
        if (await fleet.CurrentAsync(cancellation) is not { } version) return 0;
        var now = time.GetUtcNow();
        await using var connection = await database.OpenConnectionAsync(cancellation);
        await using var transaction = await connection.BeginTransactionAsync(cancellation);
        var store = new AlertStore(connection);
        if (!await store.TryLockAsync(cancellation)) return 0;
        var candidates = await store.TakeAsync(now, cancellation);
        if (candidates.Count == 0) return 0;

        var notes = await store.NotesAsync(candidates.Select(candidate => candidate.Fingerprint), cancellation);
        var cooldown = TimeSpan.FromMinutes(Math.Max(LeastCooldownMinutes, version.Document.Alerts.CooldownMinutes));
        var maintained = version.Document.Systems.Where(system => MaintenanceWindows.Contain(system, null, now)).Select(system => system.Name).ToHashSet(StringComparer.Ordinal);
        var updates = new List<(string, AlertCandidate, AlertNote, DateTimeOffset?)>();
        var messages = 0;
        foreach (var route in version.Document.Alerts.Routes)
        {
            var told = new List<(AlertCandidate Candidate, AlertEvent Event)>();
            foreach (var candidate in candidates)
            {
                var note = notes.GetValueOrDefault((route.Name, candidate.Fingerprint));
                var decision = AlertDecision.Of(candidate, route.MinSeverity, note, cooldown, maintained.Contains(candidate.Finding.System), now);
                if (decision.Tell is { } why) told.Add((candidate, why));
                if (note is not null || decision.Tell is not null || decision.LookAgain is not null)
                    updates.Add((route.Name, candidate, Updated(note, candidate, decision, now), decision.LookAgain));
            }

            foreach (var ofSystem in told.GroupBy(pair => pair.Candidate.Finding.System))
                messages += await EnqueueAsync(store, route, ofSystem.Key, [.. ofSystem], now, cancellation);
        }

        await store.NoteAsync(updates, cancellation);
        await transaction.CommitAsync(cancellation);
        return messages;
    }

    private static AlertNote Updated(AlertNote? note, AlertCandidate candidate, AlertDecision decision, DateTimeOffset now) => decision switch
    {
        { Tell: AlertEvent.Recovered } => note! with { RecoveredAt = now },
        { Forget: true } => (note ?? new(null, null, null)) with { RecoveredAt = now },
        { Tell: not null } => new(now, candidate.Finding.Severity, null),
        _ => note ?? new(null, null, null),
    };

    private async Task<int> EnqueueAsync(
        AlertStore store, AlertRoute route, string system, (AlertCandidate Candidate, AlertEvent Event)[] told, DateTimeOffset now, CancellationToken cancellation)
    {
        var lines = new List<AlertLine>(told.Length);
        foreach (var (candidate, why) in told) lines.Add(new(why, candidate.Finding, await TriedAsync(candidate, why, cancellation)));
        var messages = AlertWriter.Write(system, lines, now);
        foreach (var message in messages) await store.EnqueueAsync(Guid.CreateVersion7(now), route.Name, system, message, now, cancellation);
        return messages.Count;
    }

    private async Task<IReadOnlyList<string>> TriedAsync(AlertCandidate candidate, AlertEvent why, CancellationToken cancellation)
    {
        if (why == AlertEvent.Recovered || candidate.Finding.Tenant is not { } tenant) return [];
        var tried = new List<string>();
        foreach (var remedy in remedies) tried.AddRange(await remedy.ForTenantAsync(candidate.Finding.System, tenant, cancellation));
        return tried;
    }
}
