namespace WhatsOps.Cli.Api;

/// <summary>What a run would do, as the API tells it.</summary>
internal sealed record PlanView(string Runbook, int Version, PlanTargetView Target, bool Destructive, string? PointOfNoReturn, IReadOnlyList<PlanStepView> Steps);

/// <summary>Whom a run acts on.</summary>
internal sealed record PlanTargetView(string System, string Tenant, string Instance, string? Gateway, IReadOnlyDictionary<string, string>? Parameters = null);

/// <summary>One line of a plan.</summary>
internal sealed record PlanStepView(
    string Path, string Kind, string Title, string Effect, IReadOnlyList<string> Calls, string? Undo, string? Limit, bool PointOfNoReturn);

/// <summary>Answer of a dry run.</summary>
internal sealed record PlannedView(PlanView Plan, string? PlanHash);
