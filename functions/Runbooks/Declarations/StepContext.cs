using WhatsOps.Fleet;

namespace WhatsOps.Runbooks;

/// <summary>What a step's code knows: its target, and what earlier steps left behind.</summary>
/// <param name="Target">Frozen when the run was planned.</param>
/// <param name="System">The fleet's system as it is now.</param>
/// <param name="Item">The item of the ForEach around the step.</param>
/// <param name="UnfinishedSince">When an earlier attempt began of which nobody knows whether it acted (the process died); null otherwise.</param>
/// <param name="Unanswered">True when a person did not do their part in time.</param>
public sealed record StepContext(
    Guid RunId,
    string Step,
    RunTarget Target,
    FleetSystem System,
    string? Item,
    int Attempt,
    DateTimeOffset? UnfinishedSince,
    bool Unanswered,
    RunArtifacts Artifacts)
{
    /// <summary>What the step's last recorded attempt noted as facts: how often in a row, since when. Empty at the first.</summary>
    public IReadOnlyDictionary<string, string> LastFacts { get; init; } = new Dictionary<string, string>();

    /// <summary>What was given for a parameter that is secret; null when it was left out.</summary>
    public Task<string?> SecretAsync(string parameter, CancellationToken cancellation) => Artifacts.FindAsync(RunArtifacts.SecretParameter(parameter), cancellation);
}
