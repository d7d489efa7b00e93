namespace WhatsOps.Backups;

/// <summary>Something that can be written into a set as one part.</summary>
internal interface IBackupSource
{
    /// <summary>Unique in its set.</summary>
    string Name { get; }

    /// <summary>As the manifest names it.</summary>
    string Kind { get; }

    /// <summary>Writes everything to the target, in one piece and consistent, and tells what it was.</summary>
    /// <exception cref="BackupException">It could not be read whole.</exception>
    Task<SourceFacts> WriteAsync(Stream target, CancellationToken cancellation);
}
