namespace WhatsOps.Fleet;

/// <summary>Something around the gateways that is looked at.</summary>
public abstract record WatchTarget
{
    private readonly int? _everySeconds;

    /// <summary>Unique in its list; part of findings and samples, e.g. <c>redis/cache</c>. Lower-case letters, digits and -.</summary>
    public required string Name { get; init; }

    /// <summary>Seconds between two looks, 30 to 86,400; the clock ticks every 30.</summary>
    public int EverySeconds { get => _everySeconds ?? UsualSeconds; init => _everySeconds = value; }

    /// <summary>Where the file does not say it.</summary>
    protected virtual int UsualSeconds => 60;
}
