namespace WhatsOps.Backups;

/// <summary>Finds what puts a part back.</summary>
internal sealed class PartRestorers(IEnumerable<IPartRestorer> all)
{
    /// <exception cref="BackupException">This build knows no such kind.</exception>
    public IPartRestorer For(BackupPart part) => all.FirstOrDefault(restorer => restorer.Kind == part.Kind)
        ?? throw new BackupException($"Part {part.Name} is of kind {part.Kind}, which this WhatsOps does not know.", isLasting: true);
}
