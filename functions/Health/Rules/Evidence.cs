namespace WhatsOps.Health;

/// <summary>The facts under a finding's sentence.</summary>
internal static class Evidence
{
    public static IReadOnlyDictionary<string, string> Of(params (string Name, string? Value)[] facts) =>
        facts.Where(fact => fact.Value is not null).ToDictionary(fact => fact.Name, fact => fact.Value!, StringComparer.Ordinal);
}
