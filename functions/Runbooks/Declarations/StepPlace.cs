namespace WhatsOps.Runbooks;

/// <summary>A step found by its path.</summary>
/// <param name="Item">Path and index of the innermost ForEach around it.</param>
public sealed record StepPlace(Step Step, (string Path, int Index)? Item)
{
    public Phase Phase => Step is WaitStep or AskStep ? Phase.Probe : Phase.Act;
}
