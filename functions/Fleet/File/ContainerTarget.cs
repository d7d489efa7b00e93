namespace WhatsOps.Fleet;

/// <summary>A container over the Docker Engine API: state, health, restarts, memory, processor, errors in its log .</summary>
public sealed record ContainerTarget : WatchTarget
{
    public required ContainerReference Container { get; init; }

    /// <summary>True: its log is read since the last look, and lines of errors are grouped and counted.</summary>
    public bool Logs { get; init; } = true;

    /// <summary>True: secrets in its environment are looked at, and weak ones told by their names .</summary>
    public bool Environment { get; init; } = true;

    /// <summary>True: running as root is a finding .</summary>
    public bool MustNotBeRoot { get; init; }

    /// <summary>Days after which its image counts as old; 0: never.</summary>
    public int ImageDays { get; init; } = 180;
}
