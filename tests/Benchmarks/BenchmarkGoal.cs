namespace WhatsOps.Benchmarks;

/// <summary>What a benchmark is held to. <paramref name="Name"/> is that of the ratio it judges, or says what was measured and in which unit.</summary>
/// <param name="IsFloor">True: at least the limit; false: at most.</param>
public sealed record BenchmarkGoal(string Name, double Measured, double Limit, bool IsFloor)
{
    public static BenchmarkGoal AtLeast(string name, double measured, double limit) => new(name, measured, limit, true);

    public static BenchmarkGoal AtMost(string name, double measured, double limit) => new(name, measured, limit, false);

    public bool IsMet => IsFloor ? Measured >= Limit : Measured <= Limit;

    /// <summary>Its name among the goals.</summary>
    public string Title => (IsFloor ? "at_least_" : "at_most_") + Name;
}
