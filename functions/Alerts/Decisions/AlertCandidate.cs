using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>A finding that somebody may have to be told about, with what decides it. Severities are as told, see <see cref="ToldSeverity"/>.</summary>
/// <param name="CheckSeverity">As the check gave it.</param>
/// <param name="AcknowledgedSeverity">How bad it was when somebody took it; null: nobody did.</param>
/// <param name="Elsewhere">Other findings still alive at the same instance; a place that has one has not recovered.</param>
/// <param name="Clock">Of its escalation; null: it does not run.</param>
internal sealed record AlertCandidate(
    string Fingerprint, Finding Finding, Severity CheckSeverity, Severity? AcknowledgedSeverity, IReadOnlyList<Finding> Elsewhere, EscalationClock? Clock)
{
    /// <summary>An open incident explains it: it is counted there, not told one by one.</summary>
    public bool IsInhibited { get; init; }

    public bool IsInMaintenance { get; init; }

    /// <summary>Somebody took it, and it has not become worse since.</summary>
    public bool IsAcknowledged => Finding.State == FindingState.Acknowledged && !(Finding.Severity > AcknowledgedSeverity);
}
