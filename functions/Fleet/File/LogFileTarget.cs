namespace WhatsOps.Fleet;

/// <summary>
/// A log file in a container, read over the archive API since the last look: errors, refusals, logins, slow entries, requests
/// . A link to the container's own output is read there.
/// </summary>
public sealed record LogFileTarget : WatchTarget
{
    // The engine sends the whole file each time that it grew.
    public LogFileTarget() => EverySeconds = 300;

    public required ContainerReference Container { get; init; }

    /// <summary>Absolute, in the container.</summary>
    public required string Path { get; init; }

    public LogFormat Format { get; init; } = LogFormat.Text;

    /// <summary>Own regular expressions by their names; lines that match one are counted beside <c>slow</c>, <c>unauthorized</c> and <c>auth</c>.</summary>
    public IReadOnlyDictionary<string, string> Patterns { get; init; } = new Dictionary<string, string>();

    /// <summary>Minutes without growth after which it is a finding; 0: never.</summary>
    public int SilentMinutes { get; init; }

    /// <summary>Above this it is not read, and that is a finding.</summary>
    public int MaxMegabytes { get; init; } = 64;
}
