namespace WhatsOps.Watch;

/// <summary>Samples that tell how long a process has been running, in seconds: of containers, of Redis, of the bot.</summary>
internal static class Uptime
{
    /// <summary>How the names of these metrics end.</summary>
    public const string Metric = ".uptime.seconds";

    // A hundred years: what a sick target says must not go beyond the calendar.
    private const double MostSeconds = 3.2e9;

    /// <summary>When the process was started; null: the sample says nonsense.</summary>
    public static DateTimeOffset? StartOf(Sample sample) => sample.Value is >= 0 and < MostSeconds ? sample.At - TimeSpan.FromSeconds(sample.Value) : null;
}
