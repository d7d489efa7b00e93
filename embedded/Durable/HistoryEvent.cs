namespace WhatsOps.Embedded.Durable;

/// <summary>One row of an instance's history.</summary>
/// <param name="Task">The number of the call within the run, counted from 0; -1 for what came from outside.</param>
/// <param name="Name">Activity, orchestrator or event.</param>
/// <param name="Target">The instance that a sub-orchestration or a sent event addresses.</param>
/// <param name="Payload">JSON: input, output, failure or event; of a timer the time it fires.</param>
internal sealed record HistoryEvent(int Seq, EventKind Kind, DateTime At, int Task, string? Name, string? Target, string? Payload)
{
    /// <summary>Whether the orchestrator's code caused it (and derives it again on replay).</summary>
    public bool IsAction => Kind <= EventKind.EventSent;

    /// <summary>Whether it is addressed to the instance rather than to one run of it: it survives ContinueAsNew.</summary>
    public bool IsForInstance => Kind >= EventKind.EventRaised;
}
