namespace WhatsOps.Incidents;

/// <summary>One part of the evidence, as the manifest names it.</summary>
/// <param name="Name">Its file in the archive; that of a part that could not be had is not there.</param>
/// <param name="Words">One sentence: what it is, what was cut, or why it could not be had.</param>
/// <param name="Sha256">Of the bytes in the archive, lower-case hex; null: it is not there.</param>
public sealed record EvidencePart(string Name, EvidenceOutcome Outcome, string Words, long Bytes, string? Sha256)
{
    public bool IsThere => Sha256 is not null;
}
