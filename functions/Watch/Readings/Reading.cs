using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What one look at a target saw.</summary>
/// <param name="Outcome">Anything but seen is a finding. Absent is never healthy.</param>
/// <param name="Words">One sentence that says what is there or why it is not seen; no secrets.</param>
internal sealed record Reading(Outcome Outcome, string Words)
{
    public IReadOnlyList<Measure> Measures { get; init; } = [];

    /// <summary>What the target itself says is wrong, or what stands against what the fleet file wants of it.</summary>
    public IReadOnlyList<Trouble> Troubles { get; init; } = [];

    /// <summary>Subjects that could not be looked at this time, so that what was found of them and below them stays; an empty one is the whole target.</summary>
    public IReadOnlyList<string> Unseen { get; init; } = [];

    public static Reading Seen(string words, IReadOnlyList<Measure> measures, params IEnumerable<Trouble> troubles) =>
        new(Outcome.Seen, words) { Measures = measures, Troubles = [.. troubles] };

    public static Reading Absent(string words) => new(Outcome.Absent, words);

    public static Reading Unauthorized(string words) => new(Outcome.Unauthorized, words);

    public static Reading Unreachable(string words) => new(Outcome.Unreachable, words);
}
