using WhatsOps.Findings;

namespace WhatsOps.Watch;

/// <summary>An open finding in a day's report.</summary>
public sealed record DayFinding(long Id, string Severity, string Kind, string? Subject, string Cause, DateTimeOffset OpenedAt)
{
    internal static DayFinding Of(Finding finding) => new(finding.Id, finding.Severity.ToString().ToLowerInvariant(), finding.Kind, finding.Subject ?? finding.Instance ?? finding.Gateway, finding.Cause, finding.OpenedAt);
}
