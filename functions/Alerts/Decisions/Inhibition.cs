using WhatsOps.Findings;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One row of <see cref="Inhibitions"/>.</summary>
/// <param name="Source">Kind of the incident.</param>
/// <param name="AtLeast">The severity from which on it explains others, as its check gave it.</param>
/// <param name="Held">Kinds that are its consequences.</param>
internal sealed record Inhibition(string Source, Severity AtLeast, InhibitionScope Scope, IReadOnlyList<string> Held)
{
    public bool Holds(Finding source, Finding finding) => Holds(source, finding.System, finding.Gateway, finding.Kind);

    public bool Holds(Finding source, string system, string? gateway, string kind) =>
        source.Kind == Source && source.State != FindingState.Closed && source.Severity >= AtLeast && source.System == system && Held.Contains(kind)
        && (Scope == InhibitionScope.System || (source.Gateway is not null && source.Gateway == gateway));
}
