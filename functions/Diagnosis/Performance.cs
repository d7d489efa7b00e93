namespace WhatsOps.Diagnosis;

/// <summary>Numbers over the calls to one gateway.</summary>
/// <param name="Calls">Answered and unanswered.</param>
/// <param name="Succeeded">Those the gateway answered as it should; "there is no such instance" is such an answer.</param>
/// <param name="AverageMs">Null without calls.</param>
/// <param name="TimedOut">No answer within the client's limit .</param>
/// <param name="StatusMs">95th percentile of looks at lists and states, which is what a person waits for; null without any.</param>
/// <param name="Errors">Count by type, most frequent first .</param>
internal sealed record Performance(long Calls, long Succeeded, double? AverageMs, long TimedOut, double? StatusMs, IReadOnlyList<(string Type, long Count)> Errors)
{
    public static Performance None { get; } = new(0, 0, null, 0, null, []);

    /// <summary>Null without calls: no calls are no success.</summary>
    public double? SuccessPercent => Calls == 0 ? null : 100.0 * Succeeded / Calls;
}
