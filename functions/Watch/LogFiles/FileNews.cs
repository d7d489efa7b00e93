namespace WhatsOps.Watch;

/// <summary>What a look at a log file came to.</summary>
/// <param name="Span">Since the look before; zero at the first.</param>
/// <param name="Silence">Since it grew last.</param>
internal sealed record FileNews(TimeSpan Span, TimeSpan Silence)
{
    /// <summary>It is read from here on; what was there before is not counted.</summary>
    public bool IsFirst { get; init; }

    public bool IsTooLarge { get; init; }

    /// <summary>It grew by more than one look reads.</summary>
    public bool IsCut { get; init; }

    /// <summary>It is another file than at the look before.</summary>
    public bool IsRotated { get; init; }

    /// <summary>False: the last lines of the old file were not found.</summary>
    public bool IsWhole { get; init; } = true;
}
