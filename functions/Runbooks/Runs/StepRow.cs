namespace WhatsOps.Runbooks;

/// <summary>Where one phase of one step of a run stands.</summary>
/// <param name="FirstAt">Start of the first attempt; deadlines count from it.</param>
/// <param name="Answer">A person's <c>yes</c> or <c>no</c>; null while silent.</param>
public sealed record StepRow(
    string Step,
    Phase Phase,
    StepStatus Status,
    int Attempts,
    int Failures,
    DateTimeOffset FirstAt,
    DateTimeOffset BeganAt,
    DateTimeOffset? EndedAt,
    DateTimeOffset? DueAt,
    string? Detail,
    IReadOnlyDictionary<string, string> Facts,
    IReadOnlyList<string> Values,
    string? Answer,
    string? AnsweredBy)
{
    public bool IsFinal => Status is StepStatus.Done or StepStatus.Unanswered or StepStatus.Failed;
}
