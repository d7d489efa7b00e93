using System.Formats.Tar;
using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Files of containers over the archive API: what a path is, behind links, and its content as it streams by.</summary>
internal sealed class FileContent(ContainerHost containers)
{
    private const int MostLinks = 8;

    /// <summary>What stands at the end of the links that a path begins; the path of that; null: nothing.</summary>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    public async Task<(string Path, ContainerPath Stat)?> FindAsync(ContainerReference container, string path, CancellationToken cancellation)
    {
        for (var links = 0; links < MostLinks; links++)
        {
            // Of /proc and /dev an archive has nothing to say.
            if (Output(path) is not null) return (path, new(0, 0, DateTimeOffset.UnixEpoch, ""));
            if (await containers.StatAsync(container, path, cancellation) is not { } stat) return null;
            if (!stat.IsLink) return (path, stat);
            if (stat.LinkTarget.Length == 0 || stat.LinkTarget == path) return null;
            path = Path.GetFullPath(stat.LinkTarget, Path.GetDirectoryName(path)!);
        }

        return null;
    }

    /// <summary>False, true: the path is the container's own output, or its output of errors, as images of nginx have it; null: it is neither.</summary>
    public static bool? Output(string path) => path switch
    {
        "/dev/stdout" or "/dev/fd/1" or "/proc/self/fd/1" or "/proc/1/fd/1" => false,
        "/dev/stderr" or "/dev/fd/2" or "/proc/self/fd/2" or "/proc/1/fd/2" => true,
        _ => null,
    };

    /// <summary>Lets a file be read.</summary>
    /// <param name="read">Gets the bytes and their number.</param>
    /// <exception cref="ContainerException">There is no such container or path, the engine does not answer, or says no.</exception>
    /// <exception cref="IOException">The archive broke off.</exception>
    /// <exception cref="InvalidDataException">What comes is no archive.</exception>
    public async Task<T> ReadAsync<T>(ContainerReference container, string path, Func<Stream, long, Task<T>> read, CancellationToken cancellation)
    {
        await using var archive = await containers.ReadAsync(container, path, cancellation);
        await using var tar = new TarReader(archive, leaveOpen: true);
        var entry = await tar.GetNextEntryAsync(copyData: false, cancellation) ?? throw new InvalidDataException("The archive is empty.");
        // An empty file has no stream.
        return await read(entry.DataStream ?? Stream.Null, entry.Length);
    }
}
