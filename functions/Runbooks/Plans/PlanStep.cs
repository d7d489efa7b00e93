namespace WhatsOps.Runbooks;

/// <summary>One line of a plan.</summary>
/// <param name="Kind"><c>do</c>, <c>wait_until</c>, <c>ask_human</c>, <c>choose</c>, <c>for_each</c> or <c>run</c>.</param>
/// <param name="Calls">The exact calls it would make.</param>
/// <param name="Undo">What its compensation does; null when it has none.</param>
/// <param name="Limit">How often it looks and how long it waits, or how many items it takes; null where neither applies.</param>
/// <param name="PointOfNoReturn">True for the one step after which the run can no longer be cancelled.</param>
public sealed record PlanStep(
    string Path, string Kind, string Title, Effect Effect, IReadOnlyList<string> Calls, string? Undo, IReadOnlyList<string> UndoCalls, string? Limit, bool PointOfNoReturn);
