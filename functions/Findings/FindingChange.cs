using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>One entry of a finding's history.</summary>
/// <param name="Change"><c>opened</c>, <c>worsened</c>, <c>improved</c>, <c>acknowledged</c>, <c>silenced</c>, <c>silence_expired</c>, <c>accepted</c> or <c>closed</c>.</param>
/// <param name="By">The operator; null when a check did it.</param>
public sealed record FindingChange(DateTimeOffset At, string Change, Severity? SeverityBefore, Severity Severity, string? By, string? Reason);
