namespace WhatsOps.Checklists;

/// <summary>A task to be opened, or to be recorded as settled by a machine.</summary>
/// <param name="Due">How long it may take; as long again until the next level.</param>
internal sealed record NewTask(string System, string Row, string Checklist, string Period, string Title, string TitlePt, TimeSpan Due, IReadOnlyList<TaskEvidence> Evidence)
{
    public int Level { get; init; } = 1;

    public bool NeedsApprover { get; init; }

    /// <summary>What the machine found; null: a person is asked.</summary>
    public TaskState? Settled { get; init; }

    public string Key => $"task:{System}:{Row}:{Period}";
}
