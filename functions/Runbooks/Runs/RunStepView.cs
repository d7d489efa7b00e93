namespace WhatsOps.Runbooks;

/// <summary>One step of a run: the plan's line with what has become of it.</summary>
/// <param name="Undo">What its compensation does; null when it has none.</param>
/// <param name="UndoStatus">Null: it was not taken back.</param>
public sealed record RunStepView(
    string Path,
    string Kind,
    string Title,
    Effect Effect,
    bool PointOfNoReturn,
    StepStatus Status,
    int Attempts,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? DueAt,
    string? Detail,
    IReadOnlyDictionary<string, string> Facts,
    string? Undo,
    StepStatus? UndoStatus,
    string? UndoDetail)
{
    /// <summary>The plan's lines in order; the rounds of a ForEach take the place of its pattern line.</summary>
    public static IReadOnlyList<RunStepView> Of(Plan plan, IReadOnlyList<StepRow> rows) =>
        [.. plan.Steps.SelectMany(line => Lines(line, rows))];

    private static IEnumerable<RunStepView> Lines(PlanStep line, IReadOnlyList<StepRow> rows)
    {
        var begun = rows.Where(row => StepTree.Matches(line.Path, row.Step)).GroupBy(row => row.Step).ToList();
        return begun.Count == 0
            ? [Line(line, line.Path, null, null)]
            : begun.Select(step => Line(line, step.Key, step.FirstOrDefault(row => row.Phase != Phase.Compensate), step.FirstOrDefault(row => row.Phase == Phase.Compensate)));
    }

    private static RunStepView Line(PlanStep line, string path, StepRow? row, StepRow? undo) => new(
        path, line.Kind, line.Title, line.Effect, line.PointOfNoReturn, row?.Status ?? StepStatus.Pending, row?.Attempts ?? 0,
        row?.FirstAt, row?.EndedAt, row?.DueAt, row?.Detail, row?.Facts ?? new Dictionary<string, string>(), line.Undo, undo?.Status, undo?.Detail);
}
