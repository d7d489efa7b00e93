using WhatsOps.Fleet;

namespace WhatsOps.Findings;

/// <summary>One entry of a finding's history.</summary>
/// <param name="Change"><c>opened</c>, <c>worsened</c>, <c>improved</c>, <c>acknowledged</c>, <c>silenced</c>, <c>silence_expired</c>, <c>accepted</c>, <c>closed</c>, <c>told</c> (an alert arrived) or <c>not_told</c> (one was given up).</param>
/// <param name="By">The operator; null when a check did it.</param>
/// <param name="Reason">Of a telling: the route, and the level of an escalation in brackets.</param>
public sealed record FindingChange(DateTimeOffset At, string Change, Severity? SeverityBefore, Severity Severity, string? By, string? Reason);
