using System.Formats.Tar;
using System.Text;
using WhatsOps.Blobs;
using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Files and folders of a container or of this machine: for each path its name and a tar archive, in blocks.</summary>
internal sealed class FilesSource(FilesBackup wanted, ContainerHost containers) : IBackupSource
{
    public const string PartKind = "files";
    public static readonly byte[] Magic = "WOF1"u8.ToArray();

    private const int Piece = 256 * 1024;

    public string Name => wanted.Name;

    public string Kind => PartKind;

    public async Task<SourceFacts> WriteAsync(Stream target, CancellationToken cancellation)
    {
        var writer = new PartRecords.Writer(target);
        var counts = new Dictionary<string, long>(StringComparer.Ordinal);
        try
        {
            await writer.BeginAsync(Magic, cancellation);
            foreach (var path in wanted.Paths)
            {
                await writer.WriteAsync(Encoding.UTF8.GetBytes(path), cancellation);
                await using var blocks = new BlockStream(writer);
                if (wanted.From is null) await ArchiveAsync(path, blocks, cancellation);
                else
                {
                    await using var archive = await containers.ReadAsync(wanted.From, path, cancellation);
                    await archive.CopyToAsync(blocks, Piece, cancellation);
                }

                // No block is empty but this one: the end of the path.
                await writer.WriteAsync(ReadOnlyMemory<byte>.Empty, cancellation);
                counts[path] = blocks.Written;
            }

            await writer.EndAsync(cancellation);
        }
        catch (ContainerException problem)
        {
            throw new BackupException(problem.Message, problem.IsLasting);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or FileNotFoundException or DirectoryNotFoundException)
        {
            throw new BackupException($"A file of part {wanted.Name} cannot be read: {problem.Message}", isLasting: true);
        }

        return new(wanted.From?.Container ?? "this machine", "tar", counts, IsWhole: true, []);
    }

    private static async Task ArchiveAsync(string path, Stream target, CancellationToken cancellation)
    {
        if (!Path.Exists(path)) throw new BackupException($"{path} is not on this machine. Fix: correct the paths of the part, or name the container in from.", isLasting: true);
        await using var tar = new TarWriter(target, TarEntryFormat.Pax, leaveOpen: true);
        var (name, folder) = (Path.GetFileName(path.TrimEnd('/')), Path.GetDirectoryName(path.TrimEnd('/'))!);
        await tar.WriteEntryAsync(path.TrimEnd('/'), name, cancellation);
        if (!Directory.Exists(path)) return;
        foreach (var entry in Directory.EnumerateFileSystemEntries(path, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0 }).Order(StringComparer.Ordinal))
            await tar.WriteEntryAsync(entry, Path.GetRelativePath(folder, entry), cancellation);
    }

    /// <summary>Every write is a block.</summary>
    private sealed class BlockStream(PartRecords.Writer writer) : WriteOnlyStream
    {
        public long Written { get; private set; }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (buffer.IsEmpty) return;
            await writer.WriteAsync(buffer, cancellationToken);
            Written += buffer.Length;
        }
    }
}
