using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Reads a log file since the last look, each line in one look only. Another file of its name is read from its beginning; the rest of the old one where logrotate put it.</summary>
internal sealed class LogFileReader(FileContent files, FileCursors cursors)
{
    private const long Megabyte = 1024 * 1024;

    /// <param name="path">Of the file itself, behind links.</param>
    /// <exception cref="ContainerException">There is no such container, the engine does not answer, or says no.</exception>
    /// <exception cref="IOException">The archive broke off.</exception>
    public async Task<FileNews> ReadAsync(string system, string target, LogFileTarget file, string path, ContainerPath stat, DateTimeOffset now, Action<string> each, CancellationToken cancellation)
    {
        var cursor = await cursors.ReadAsync(system, target, cancellation);
        var grownAt = Grown(cursor, stat, now);
        var news = new FileNews(cursor is null ? TimeSpan.Zero : now - cursor.ReadAt, now - grownAt);
        if (stat.Size > file.MaxMegabytes * Megabyte)
        {
            // The place stays: when it is rotated, the new file is read whole.
            await cursors.WriteAsync(system, target, new(cursor?.Position ?? stat.Size, cursor?.Head ?? FileHead.Of([]), stat.Size, stat.ModifiedAt, grownAt, now), cancellation);
            return news with { IsTooLarge = true };
        }

        if (cursor is not null && cursor.Size == stat.Size && cursor.ModifiedAt == stat.ModifiedAt)
        {
            await cursors.WriteAsync(system, target, cursor with { ReadAt = now, GrownAt = grownAt }, cancellation);
            return news;
        }

        var tail = await TailAsync(file.Container, path, cursor, onlySame: false, each, cancellation);
        var rest = tail.IsSame ? null : await RestAsync(file.Container, path + ".1", cursor, each, cancellation);
        await cursors.WriteAsync(system, target, new(tail.Position, tail.Head, stat.Size, stat.ModifiedAt, grownAt, now), cancellation);
        return news with { IsFirst = cursor is null, IsCut = tail.IsCut || rest?.IsCut == true, IsRotated = !tail.IsSame, IsWhole = tail.IsSame || rest is not null };
    }

    private Task<FileTail> TailAsync(ContainerReference container, string path, FileCursor? from, bool onlySame, Action<string> each, CancellationToken cancellation) =>
        files.ReadAsync(container, path, (data, length) => FileTail.ReadAsync(data, length, from, onlySame, each, cancellation), cancellation);

    // What came between the last look and the rotation. Null: the old file is not there under that name.
    private async Task<FileTail?> RestAsync(ContainerReference container, string path, FileCursor? cursor, Action<string> each, CancellationToken cancellation) =>
        cursor is not null && await files.FindAsync(container, path, cancellation) is { Stat.IsFile: true } found && found.Stat.Size >= cursor.Position && found.Stat.Size - cursor.Position <= FileTail.MostBytes
        && await TailAsync(container, path, cursor, onlySame: true, each, cancellation) is { IsSame: true } tail ? tail : null;

    // By our clock, and by the file's only where that is possible: the engine's may differ.
    private static DateTimeOffset Grown(FileCursor? cursor, ContainerPath stat, DateTimeOffset now) => cursor switch
    {
        null => stat.ModifiedAt <= now ? stat.ModifiedAt : now,
        _ when cursor.Size == stat.Size && cursor.ModifiedAt == stat.ModifiedAt => cursor.GrownAt,
        _ => stat.ModifiedAt >= cursor.ReadAt && stat.ModifiedAt <= now ? stat.ModifiedAt : now,
    };
}
