namespace WhatsOps.Checklists;

/// <summary>Something asked of a person, or found done or failed by a machine.</summary>
/// <param name="Key"><c>task:{system}:{row}:{period}</c>: asked once.</param>
/// <param name="Checklist"><c>daily</c>, <c>weekly</c>, <c>monthly</c>, <c>quarterly</c>, <c>emergency</c>, <c>approval</c> or <c>errors</c>.</param>
/// <param name="Level">Whose it is now: 1 developer, 2 tech lead, 3 CTO.</param>
/// <param name="NeedsApprover">Only an approver may say done.</param>
/// <param name="ClosedBy">The operator; <c>policy</c> when WhatsOps did.</param>
public sealed record HumanTask(
    Guid Id, string Key, string System, string Row, string Checklist, string Period, string Title, string TitlePt, TaskState State, int Level, bool NeedsApprover,
    DateTimeOffset OpenedAt, DateTimeOffset DueAt, DateTimeOffset? PostponedUntil, IReadOnlyList<TaskEvidence> Evidence, string? Note, string? ClosedBy, DateTimeOffset? ClosedAt);
