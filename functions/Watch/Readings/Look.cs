namespace WhatsOps.Watch;

/// <summary>One target, and the way to look at it.</summary>
/// <param name="Target">Family and name, e.g. <c>redis/cache</c>; unique in its system, and part of samples and findings.</param>
/// <param name="Every">Between two looks.</param>
/// <param name="Patience">After it the target counts as unreachable.</param>
internal sealed record Look(string Target, TimeSpan Every, TimeSpan Patience, Func<CancellationToken, Task<Reading>> ReadAsync)
{
    public static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(15);

    /// <summary>Metric of how long an answer took. Another than the usual one where its work is slow by itself, so that the rules about slow answers leave it out.</summary>
    public string Clock { get; init; } = "seconds";

    /// <summary>True: never before its time, not even when a person or a routine asks for a look at everything.</summary>
    public bool IsOnlyWhenDue { get; init; }

    /// <summary>True: not sooner than its pace when it did not answer, either, since looking costs others something.</summary>
    public bool IsGentle { get; init; }
}
