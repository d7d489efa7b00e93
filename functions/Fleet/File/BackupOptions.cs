namespace WhatsOps.Fleet;

/// <summary>What of a system goes into its backup sets, and how long they are kept. The fleet file in force is always a part.</summary>
public sealed record BackupOptions
{
    public IReadOnlyList<PostgresBackup> Databases { get; init; } = [];

    public IReadOnlyList<RedisBackup> Redis { get; init; } = [];

    public IReadOnlyList<FilesBackup> Files { get; init; } = [];

    public IReadOnlyList<ObjectsBackup> Objects { get; init; } = [];

    /// <summary>What a restore stops, in this order, and starts again in the other one. None: it asks a person.</summary>
    public IReadOnlyList<ContainerReference> Services { get; init; } = [];

    public BackupRetention Keep { get; init; } = new();

    /// <summary>Hours after which the newest set is a finding: a day and two hours for the set to be made.</summary>
    public int StaleHours { get; init; } = 26;
}
