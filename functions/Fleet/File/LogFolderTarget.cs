namespace WhatsOps.Fleet;

/// <summary>A folder of logs in a container: which files must be there, and how rotation keeps them. The defaults are those of the manual for pm2-logrotate.</summary>
public sealed record LogFolderTarget : WatchTarget
{
    // Listing a folder sends what is in it.
    public LogFolderTarget() => EverySeconds = 21_600;

    public required ContainerReference Container { get; init; }

    /// <summary>Absolute, in the container.</summary>
    public required string Path { get; init; }

    /// <summary>Names, below <see cref="Path"/>, of logs that must be there.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>Size at which a log is rotated.</summary>
    public int RotateMegabytes { get; init; } = 10;

    /// <summary>Rotated files that are kept of each log.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>True: rotated files are compressed.</summary>
    public bool Compressed { get; init; } = true;

    /// <summary>A folder with more is read in part only, and that is a finding.</summary>
    public int MaxMegabytes { get; init; } = 256;
}
