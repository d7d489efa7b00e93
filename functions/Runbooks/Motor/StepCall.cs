namespace WhatsOps.Runbooks;

/// <summary>Input of the activity <c>RunbookStep</c>: references only.</summary>
public sealed record StepCall(Guid RunId, string Step, Phase Phase)
{
    /// <summary>Takes the lock and makes the run begin.</summary>
    public const string Begin = "begin";

    /// <summary>Writes the final state and lets go of the lock.</summary>
    public const string End = "end";
}
