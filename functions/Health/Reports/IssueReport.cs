using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Health;

/// <summary>A finding as this sweep saw it.</summary>
public sealed record IssueReport(string Kind, Severity Severity, string? Gateway, string? Tenant, string Cause, string? Remedy)
{
    public static IssueReport Of(ObservedFinding finding) =>
        new(finding.Kind, finding.Severity, finding.Gateway, finding.Tenant, finding.Cause, finding.Remedy);
}
