namespace WhatsOps.Diagnosis;

/// <summary>What a fact answered, and on what evidence.</summary>
internal sealed record FactAnswer(string Answer, IReadOnlyDictionary<string, string> Evidence)
{
    public static FactAnswer Of(string answer, params (string Name, string? Value)[] evidence) => new(answer, WhatsOps.Health.Evidence.Of(evidence));
}
