using WhatsOps.Fleet;
using WhatsOps.Retention;

namespace WhatsOps.Checklists;

/// <summary>What people say about tasks; every word is audited.</summary>
internal sealed class TaskDesk(TaskStore tasks, CleanUpRequests cleanUps, IAuditTrail audit, TimeProvider time)
{
    public const string CleanUpRow = "clean-up";
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(90);

    /// <exception cref="ProblemException">404 no such task, 409 settled already, 400 or 403 for what may not be said.</exception>
    public async Task<HumanTask> SettleAsync(Guid id, TaskOutcome said, Operator caller, CancellationToken cancellation)
    {
        var task = await tasks.FindAsync(id, cancellation) ?? throw new ProblemException(404, $"There is no task {id}.", "id", "List them: whatsops tasks.");
        var state = said.Outcome switch
        {
            "done" => TaskState.Done,
            "not-applicable" => TaskState.NotApplicable,
            "postponed" => TaskState.Postponed,
            "failed" => TaskState.Failed,
            _ => throw new ProblemException(400, $"{said.Outcome ?? "null"} is no outcome.", "$.outcome", "Send done, not-applicable, postponed or failed."),
        };
        if (said.Note?.Length > 1000) throw new ProblemException(400, "The note is longer than 1000 characters.", "$.note");
        if (state == TaskState.Failed && string.IsNullOrWhiteSpace(said.Note)) throw new ProblemException(400, "A failure needs a note.", "$.note", "Say what did not work.");
        if (state == TaskState.Postponed && !(said.Until > time.GetUtcNow() && said.Until <= time.GetUtcNow() + LongestWait))
            throw new ProblemException(400, "until must be a time within the next 90 days.", "$.until", "Send it like 2026-03-10T09:00:00Z.");
        if (task.NeedsApprover && state == TaskState.Done && caller.Role < OperatorRole.Approver)
            throw new ProblemException(403, "This one needs the yes of an approver.", null, "Ask one of the approvers of the fleet file.");

        var settled = await tasks.SettleAsync(id, state, caller.Name, Masked(said.Note), said.Until, cancellation)
            ?? throw new ProblemException(409, $"Task {id} is settled already: {task.State}.", null, "The next period brings the next one.");
        if (task is { Row: CleanUpRow, NeedsApprover: true } && state == TaskState.Done)
            await cleanUps.GrantAsync(task.System, task.Period.Split('@')[0], caller.Name, cancellation);
        await audit.RecordAsync(caller.Name, $"task.{said.Outcome}", task.System, null, $"{task.Key} {Masked(said.Note)}".TrimEnd(), cancellation);
        return settled;
    }

    private static string? Masked(string? note) => note is null ? null : Events.PhoneMask.Mask(note);
}
