namespace WhatsOps.Watch;

/// <summary>One series over some whole hours.</summary>
/// <param name="Hours">Hours in which it has a sample.</param>
/// <param name="Growth">Of a counter: by how much it grew from hour to hour; one that began again counts from zero, and a <see cref="StoredCounts"/> that fell as no growth. Of anything else without meaning.</param>
internal sealed record SeriesFacts(string Target, string Metric, string Subject, int Hours, double Mean, double Most, double Growth)
{
    /// <summary>All samples added up: of what is counted anew at each look.</summary>
    public double Total { get; init; }

    public long Samples { get; init; }
}
