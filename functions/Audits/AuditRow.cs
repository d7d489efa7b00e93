using WhatsOps.Gateways;

namespace WhatsOps.Audits;

/// <summary>One line of an audit's report.</summary>
/// <param name="Tenant">Null: the line is about something that belongs to no tenant.</param>
/// <param name="Status">One snake_case word; <c>ok</c> where the audit has no words of its own.</param>
public sealed record AuditRow(string? Tenant, string Status, string Detail)
{
    public string? Gateway { get; init; }

    public string? Instance { get; init; }

    /// <summary>The plan: what would have to change.</summary>
    public IReadOnlyList<FieldDifference> Differences { get; init; } = [];
}
