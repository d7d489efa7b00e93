using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// The severity that a finding is told with. It is decided at the moment of telling and stored nowhere: the finding keeps what its check
/// said, so that lists, reports and policies do not change their meaning with the taste of who is told.
/// </summary>
internal static class ToldSeverity
{
    public static Severity Of(IReadOnlyList<SeverityOverride> overrides, string system, string kind, Severity own) =>
        (overrides.FirstOrDefault(item => item.Kind == kind && item.System == system) ?? overrides.FirstOrDefault(item => item.Kind == kind && item.System is null))?.Severity ?? own;

    public static Finding Of(IReadOnlyList<SeverityOverride> overrides, Finding finding) =>
        finding with { Severity = Of(overrides, finding.System, finding.Kind, finding.Severity) };
}
