namespace WhatsOps.Gateways.TurboZap;

/// <summary>What TurboZap's own database says of its instances.</summary>
/// <param name="ByName">Null: it was not seen, and <paramref name="Problem"/> says why.</param>
internal sealed record TurboZapRows(IReadOnlyDictionary<string, TurboZapRow>? ByName, string? Problem)
{
    public TurboZapRow? Of(string instance) => ByName?.GetValueOrDefault(instance);

    /// <summary>Why it is not known whether these live; null: it is known of all.</summary>
    public string? Doubt(IEnumerable<TurboZapInstance> instances) =>
        instances.Where(instance => instance.Status == TurboZapStates.Paired && Of(instance.Name) is null).Select(instance => instance.Name).ToArray() switch
        {
            [] => null,
            var unseen => Problem ?? $"gateways[].database has no row of {unseen[0]}{(unseen.Length > 1 ? $" and {unseen.Length - 1} more" : "")}: it is another gateway's, or its user may not see them",
        };
}
