using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>One message of an instance to itself.</summary>
/// <param name="ClaimedAt">Before it was sent.</param>
internal sealed record Canary(Guid Id, string System, string Tenant, string Gateway, string Instance, DateTimeOffset ClaimedAt)
{
    /// <summary>Whether the instance's webhook told us of what it sends, when this was sent.</summary>
    public bool ExpectsEcho { get; init; }

    /// <summary>Null: not yet, or the process died while it was sending.</summary>
    public SelfMessageResult? Answer { get; init; }

    public DateTimeOffset? AnsweredAt { get; init; }

    public string? MessageId { get; init; }

    public DateTimeOffset? JudgedAt { get; init; }

    public CanaryVerdict? Verdict { get; init; }

    /// <summary>Why this verdict; until then what the gateway said.</summary>
    public string? Detail { get; init; }
}
