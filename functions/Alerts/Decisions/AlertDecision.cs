using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Whether a route is told about a finding now.</summary>
/// <param name="Tell">Null: no.</param>
/// <param name="LookAgain">When to decide again without any change; null: at the next change.</param>
/// <param name="Forget">The matter is over without a word.</param>
internal sealed record AlertDecision(AlertEvent? Tell, DateTimeOffset? LookAgain = null, bool Forget = false)
{
    private static readonly TimeSpan HoldLook = TimeSpan.FromMinutes(1);
    private static readonly AlertDecision Nothing = new((AlertEvent?)null);

    public static AlertDecision Of(AlertCandidate candidate, AlertRoute route, AlertNote? note, TimeSpan cooldown, DateTimeOffset now)
    {
        var finding = candidate.Finding;
        if (finding.State == FindingState.Closed) return OfClosed(candidate, route, note, now);
        if (finding.State == FindingState.Accepted || route.EscalationOnly || !RouteFilter.Wants(route, finding)) return Nothing;
        if (finding.State == FindingState.Silenced) return new(null, finding.SilencedUntil);

        var isWorse = note?.ToldSeverity is { } told && finding.Severity > told;
        if (finding.State == FindingState.Acknowledged && !isWorse && (candidate.IsAcknowledged || note?.ToldAt is not null)) return Nothing;
        if (candidate.IsInMaintenance || candidate.IsInhibited) return new(null, now + HoldLook);
        if (note?.ToldAt is not { } last) return new(candidate.AcknowledgedSeverity is null ? AlertEvent.Opened : AlertEvent.Worsened, now + cooldown);
        if (isWorse) return new(AlertEvent.Worsened, now + cooldown);
        if (now - last < cooldown) return new(null, last + cooldown);
        return new(note.RecoveredAt is null ? AlertEvent.StillOpen : AlertEvent.Opened, now + cooldown);
    }

    // Whoever was told is told the end, whatever the route would want by now.
    private static AlertDecision OfClosed(AlertCandidate candidate, AlertRoute route, AlertNote? note, DateTimeOffset now)
    {
        if (note?.ToldAt is null) return new(null, null, Forget: note is not null);
        if (note.RecoveredAt is not null) return Nothing;
        if (candidate.Elsewhere.Any(other => RouteFilter.Wants(route, other))) return new(null, null, Forget: true);
        return candidate.IsInMaintenance ? new(null, now + HoldLook) : new(AlertEvent.Recovered);
    }
}
