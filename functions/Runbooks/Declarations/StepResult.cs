namespace WhatsOps.Runbooks;

/// <summary>What came of one attempt at a step.</summary>
/// <param name="Detail">One sentence for the progress view: no secrets, phone numbers masked.</param>
public sealed record StepResult(StepOutcome Outcome, string Detail)
{
    /// <summary>What was read back; goes into the evidence. No secrets.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>The branch that a Choose took, or the items of a ForEach: names and ids only.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>How long to wait before the next attempt; null takes the step's own pace.</summary>
    public TimeSpan? After { get; init; }

    /// <summary>Done, and read back.</summary>
    public static StepResult Done(string detail, params IEnumerable<(string Name, string Value)> facts) =>
        new(StepOutcome.Done, detail) { Facts = facts.ToDictionary(fact => fact.Name, fact => fact.Value) };

    /// <summary>Nothing went wrong, it is only not true yet.</summary>
    public static StepResult NotYet(string detail, TimeSpan? after = null) => new(StepOutcome.NotYet, detail) { After = after };

    /// <summary>Went wrong in a way that may pass; counts as a failed attempt.</summary>
    public static StepResult Retry(string detail) => new(StepOutcome.Retry, detail);

    /// <summary>Will not work however often it is tried.</summary>
    public static StepResult Failed(string detail) => new(StepOutcome.Failed, detail);

    public static StepResult Chose(string branch, string detail) => new(StepOutcome.Done, detail) { Values = [branch] };

    public static StepResult Items(IReadOnlyList<string> items, string detail) => new(StepOutcome.Done, detail) { Values = items };
}
