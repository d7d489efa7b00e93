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

    /// <param name="isMaintenance">The system is in a maintenance window now.</param>
    public static AlertDecision Of(AlertCandidate candidate, Severity least, AlertNote? note, TimeSpan cooldown, bool isMaintenance, DateTimeOffset now)
    {
        var finding = candidate.Finding;
        if (finding.State == FindingState.Closed) return OfClosed(candidate, least, note, isMaintenance, now);
        if (finding.Severity < least || finding.State == FindingState.Accepted) return Nothing;
        if (finding.State == FindingState.Silenced) return new(null, finding.SilencedUntil);

        var isWorse = note?.ToldSeverity is { } told && finding.Severity > told;
        if (finding.State == FindingState.Acknowledged && !isWorse && !(finding.Severity > candidate.AcknowledgedSeverity && note?.ToldAt is null)) return Nothing;
        if (isMaintenance || candidate.IsInhibited) return new(null, now + HoldLook);
        if (note?.ToldAt is not { } last) return new(candidate.AcknowledgedSeverity is null ? AlertEvent.Opened : AlertEvent.Worsened, now + cooldown);
        if (isWorse) return new(AlertEvent.Worsened, now + cooldown);
        if (now - last < cooldown) return new(null, last + cooldown);
        return new(note.RecoveredAt is null ? AlertEvent.StillOpen : AlertEvent.Opened, now + cooldown);
    }

    private static AlertDecision OfClosed(AlertCandidate candidate, Severity least, AlertNote? note, bool isMaintenance, DateTimeOffset now)
    {
        if (note?.ToldAt is null) return new(null, null, Forget: note is not null);
        if (note.RecoveredAt is not null) return Nothing;
        if (candidate.WorstElsewhereInPlace >= least) return new(null, null, Forget: true);
        return isMaintenance ? new(null, now + HoldLook) : new(AlertEvent.Recovered);
    }
}
