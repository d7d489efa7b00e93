using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Which levels are told about a finding now .</summary>
/// <param name="Clock">As it stands afterwards; null: nothing is waited for.</param>
/// <param name="Tell">Indexes of the levels.</param>
/// <param name="LookAgain">When the next level is due.</param>
internal sealed record EscalationDecision(EscalationClock? Clock, IReadOnlyList<int> Tell, DateTimeOffset? LookAgain)
{
    private static readonly EscalationDecision None = new(null, [], null);

    /// <remarks>
    /// The clock starts with the first alert, anew when the finding becomes worse, and anew after a maintenance window or an incident that
    /// held it back, since nobody could acknowledge what nobody was told.
    /// </remarks>
    public static EscalationDecision Of(AlertCandidate candidate, IReadOnlyList<EscalationLevel> levels, DateTimeOffset now)
    {
        var finding = candidate.Finding;
        if (levels.Count == 0 || finding.Severity < Severity.High || candidate.IsInMaintenance || candidate.IsInhibited || !IsUnattended(candidate)) return None;
        var clock = candidate.Clock is { } running && finding.Severity <= running.Severity ? running : new EscalationClock(now, finding.Severity, 0);
        int[] due = [.. Enumerable.Range(0, levels.Count).Where(index => index >= clock.Level && At(clock, levels, index) <= now)];
        if (due.Length > 0) clock = clock with { Level = due[^1] + 1 };
        return new(clock, due, clock.Level < levels.Count ? At(clock, levels, clock.Level) : null);
    }

    private static bool IsUnattended(AlertCandidate candidate) =>
        candidate.Finding.State == FindingState.Open || (candidate.Finding.State == FindingState.Acknowledged && !candidate.IsAcknowledged);

    private static DateTimeOffset At(EscalationClock clock, IReadOnlyList<EscalationLevel> levels, int index) => clock.StartedAt + EscalationTimes.Of(levels, index, clock.Severity);
}
