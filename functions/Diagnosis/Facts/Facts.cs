namespace WhatsOps.Diagnosis;

/// <summary>Every fact that a question may ask for, by id.</summary>
internal static class Facts
{
    public static IReadOnlyDictionary<string, Fact> All { get; } =
        ((IEnumerable<Fact>)[.. GatewayFacts.All, .. TenantFacts.All, .. SessionFacts.All, .. PerformanceFacts.All, .. WatchFacts.All]).ToDictionary(fact => fact.Id, StringComparer.Ordinal);
}
