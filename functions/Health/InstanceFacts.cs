using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Health;

/// <summary>Everything known about one active tenant's instance when it is judged.</summary>
/// <param name="Instance">The exact name it must have: prefix + slug.</param>
/// <param name="Listed">As the gateway's list shows it; null: not in the list.</param>
/// <param name="Known">What we knew before this sweep; null: nothing.</param>
/// <param name="Disconnections">Within the window of the thresholds.</param>
/// <param name="QrCodes">Within the last hour.</param>
internal sealed record InstanceFacts(
    Tenant Tenant, string Gateway, string Instance, InstanceSnapshot? Listed, InstanceStatus? Known, int Disconnections, int QrCodes)
{
    /// <summary>Why the list is not believed; null: it is.</summary>
    public Suspicion? Suspicion { get; init; }

    /// <summary>The direct look; null: not a suspect, or over the cap.</summary>
    public Observation<InstanceState>? Direct { get; init; }

    /// <summary>Its look was not made, since the gateway left the looks before it unanswered.</summary>
    public bool IsSpared { get; init; }

    /// <summary>A suspect that got no direct look: what the list says of it is not taken for a fact.</summary>
    public bool IsUnconfirmed => Direct is null && (IsSpared || Suspicion is Health.Suspicion.Missing or Health.Suspicion.Contradicted or Health.Suspicion.Changed);

    /// <summary>The state as well as it can be told; null: there is no such instance, or it could not be seen.</summary>
    public InstanceState? State => SeenState.WithEvents(Seen, Known);

    /// <summary>Paired is all that the gateway tells.</summary>
    public bool IsLivenessUnknown => Seen == InstanceState.Paired;

    private InstanceState? Seen => SeenState.Of(Direct, Listed);

    public bool IsMissing => Listed is null && (Direct is null || Direct.Outcome == Outcome.Absent);

    /// <summary>The direct look itself failed .</summary>
    public bool IsUnreadable => Direct is { Outcome: Outcome.Unauthorized or Outcome.Unreachable };
}
