using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>What a stretch of a log file comes to, by its format.</summary>
internal interface ILineDigest
{
    void Add(string line);

    IEnumerable<Measure> Measures();

    /// <param name="span">How long the stretch is.</param>
    IEnumerable<Trouble> Troubles(TimeSpan span);

    IEnumerable<LogTally> Tallies();

    public static ILineDigest Of(LogFileTarget target) => target.Format == LogFormat.Nginx ? new AccessDigest(target) : new AppLogDigest(target);
}
