namespace WhatsOps.Incidents;

/// <summary>What a source gave.</summary>
/// <param name="Bytes">Null: it was left out.</param>
/// <param name="Words">One sentence: what it is, and what is missing of it.</param>
internal sealed record EvidenceContent(byte[]? Bytes, string Words)
{
    public bool IsCut { get; init; }
}
