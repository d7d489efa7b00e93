using System.Formats.Tar;
using System.IO.Pipelines;
using System.Text;
using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>Puts files back where they were; those that the set does not have stay (R-413).</summary>
internal sealed class FilesRestorer(ContainerHost containers) : IPartRestorer
{
    public string Kind => FilesSource.PartKind;

    public async Task<string> PutBackAsync(FleetSystem system, BackupPart part, Stream content, CancellationToken cancellation)
    {
        var wanted = system.Backup?.Files.FirstOrDefault(files => files.Name == part.Name) ?? throw new BackupException($"The fleet file no longer names the files {part.Name}.", isLasting: true);
        try
        {
            var paths = await EachAsync(content, (path, tar) => PutBackAsync(wanted, path, tar, cancellation), cancellation);
            return $"{string.Join(", ", paths)}: as in the set.";
        }
        catch (ContainerException problem)
        {
            throw new BackupException(problem.Message, problem.IsLasting);
        }
        catch (Exception problem) when (problem is UnauthorizedAccessException or DirectoryNotFoundException)
        {
            throw new BackupException($"A file of part {part.Name} cannot be written: {problem.Message}", isLasting: true);
        }
    }

    public async Task ReadAsync(BackupPart part, Stream content, CancellationToken cancellation)
    {
        var paths = await EachAsync(content, async (_, tar) =>
        {
            await using var reader = new TarReader(tar, leaveOpen: true);
            while (await reader.GetNextEntryAsync(copyData: false, cancellation) is not null);
        }, cancellation);
        if (!paths.ToHashSet().SetEquals(part.Counts.Keys)) throw new BackupException($"Part {part.Name} does not hold the paths of its manifest.", isLasting: true);
    }

    private async Task PutBackAsync(FilesBackup wanted, string path, Stream tar, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(path.TrimEnd('/'))!;
        if (wanted.From is { } container) await containers.WriteAsync(container, folder, tar, cancellation);
        else await TarFile.ExtractToDirectoryAsync(tar, folder, overwriteFiles: true, cancellation);
    }

    private static async Task<IReadOnlyList<string>> EachAsync(Stream content, Func<string, Stream, Task> use, CancellationToken cancellation)
    {
        var reader = new PartRecords.Reader(content);
        await reader.BeginAsync(FilesSource.Magic, cancellation);
        var paths = new List<string>();
        while (await reader.NextAsync(cancellation) is { } path)
        {
            paths.Add(Encoding.UTF8.GetString(path));
            var pipe = new Pipe();
            var using_ = UseAsync(pipe.Reader, stream => use(paths[^1], stream));
            var problem = await FillAsync(reader, pipe.Writer, cancellation);
            await using_;
            if (problem is not null) throw problem;
        }

        return paths;
    }

    // The rest of the blocks is read whatever its user leaves over: the next path comes after them.
    private static async Task<Exception?> FillAsync(PartRecords.Reader reader, PipeWriter pipe, CancellationToken cancellation)
    {
        Exception? problem = null;
        try
        {
            while (await reader.NextAsync(cancellation) is { Length: > 0 } block) await pipe.WriteAsync(block, cancellation);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or System.Security.Cryptography.CryptographicException)
        {
            problem = failure;
        }

        await pipe.CompleteAsync(problem);
        return problem;
    }

    private static async Task UseAsync(PipeReader pipe, Func<Stream, Task> use)
    {
        try
        {
            await use(pipe.AsStream(leaveOpen: true));
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }
}
