namespace WhatsOps.Fleet;

/// <summary>Files and folders in a backup set: .env, configuration, certificates, logs .</summary>
public sealed record FilesBackup
{
    /// <summary>The part's name in the set; unique in its system.</summary>
    public required string Name { get; init; }

    /// <summary>The container they are in; null: the machine that WhatsOps runs on.</summary>
    public ContainerReference? From { get; init; }

    /// <summary>Absolute paths.</summary>
    public IReadOnlyList<string> Paths { get; init; } = [];
}
