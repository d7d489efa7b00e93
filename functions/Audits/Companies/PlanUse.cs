namespace WhatsOps.Audits;

/// <summary>What a company may have by its plan, and has .</summary>
/// <param name="Plan">Null: it has none.</param>
/// <param name="What"><c>users</c>, <c>connections</c> or <c>queues</c>.</param>
/// <param name="Limit">Null: the plan sets none.</param>
public sealed record PlanUse(int Company, string? Plan, string What, int? Limit, int Used)
{
    public bool IsExceeded => Used > Limit;
}
