using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Puts parts of one kind back where they came from.</summary>
internal interface IPartRestorer
{
    /// <summary>As <see cref="IBackupSource.Kind"/>.</summary>
    string Kind { get; }

    /// <summary>Makes the place what the part says; may be repeated after it was cut off.</summary>
    /// <returns>What was put back, as a sentence.</returns>
    /// <exception cref="BackupException">The place cannot be written.</exception>
    /// <exception cref="InvalidDataException">The part is damaged.</exception>
    Task<string> PutBackAsync(FleetSystem system, BackupPart part, Stream content, CancellationToken cancellation);

    /// <summary>Reads the part to its end, as a restore would, and writes nothing.</summary>
    /// <exception cref="BackupException">It is not what its manifest says.</exception>
    /// <exception cref="InvalidDataException">The part is damaged.</exception>
    Task ReadAsync(BackupPart part, Stream content, CancellationToken cancellation);
}
