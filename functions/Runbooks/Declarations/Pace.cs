namespace WhatsOps.Runbooks;

/// <summary>How often something is looked at: the first pause, then growing by half up to the longest.</summary>
public sealed record Pace(TimeSpan First, TimeSpan Longest)
{
    private const double Growth = 1.5;

    public static Pace Seconds(double first, double longest) => new(TimeSpan.FromSeconds(first), TimeSpan.FromSeconds(longest));

    /// <summary>The pause after the given look, counted from 1.</summary>
    public TimeSpan After(int look)
    {
        var pause = First.TotalSeconds * Math.Pow(Growth, Math.Min(look - 1, 50));
        return TimeSpan.FromSeconds(Math.Min(pause, Longest.TotalSeconds));
    }

    public override string ToString() => First == Longest ? $"every {First.TotalSeconds:0.#} s" : $"every {First.TotalSeconds:0.#} to {Longest.TotalSeconds:0.#} s";
}
