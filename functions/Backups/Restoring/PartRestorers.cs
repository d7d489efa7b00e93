using System.Security.Cryptography;

namespace WhatsOps.Backups;

/// <summary>Finds what puts a part back, or reads it as that would.</summary>
internal sealed class PartRestorers(IEnumerable<IPartRestorer> all, PartReader reader)
{
    /// <exception cref="BackupException">This build knows no such kind.</exception>
    public IPartRestorer For(BackupPart part) => all.FirstOrDefault(restorer => restorer.Kind == part.Kind)
        ?? throw new BackupException($"Part {part.Name} is of kind {part.Kind}, which this WhatsOps does not know.", isLasting: true);

    /// <summary>Reads a part of another kind than a database to its end, and every object that it names.</summary>
    /// <exception cref="BackupException">It is not what its manifest says, or does not open.</exception>
    public async Task ReadAsync(BackupManifest set, BackupPart part, CancellationToken cancellation)
    {
        try
        {
            await using var content = await reader.OpenAsync(set, part, cancellation);
            await For(part).ReadAsync(part, content, cancellation);
        }
        catch (Exception problem) when (problem is CryptographicException or InvalidDataException)
        {
            throw new BackupException($"Part {part.Name} does not open: {problem.Message}", isLasting: true);
        }
    }
}
