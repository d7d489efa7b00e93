namespace WhatsOps.Gateways.Evolution;

/// <summary>What the resilience pipelines need to know of one call: whether the gateway answered at all.</summary>
internal interface IEvolutionAttempt
{
    bool IsSick { get; }
}

/// <summary>One call, mapped.</summary>
internal sealed record EvolutionAttempt<T>(T Result, bool IsSick) : IEvolutionAttempt;
