namespace WhatsOps.Runbooks;

/// <summary>The four ways an attempt can end.</summary>
public enum StepOutcome
{
    Done,
    NotYet,
    Retry,
    Failed,
}
