namespace WhatsOps.Watch;

/// <summary>Up to where a log file was read, and which file that was.</summary>
/// <param name="Position">Bytes; the beginning of the next line.</param>
/// <param name="GrownAt">When it was seen to grow last.</param>
internal sealed record FileCursor(long Position, FileHead Head, long Size, DateTimeOffset ModifiedAt, DateTimeOffset GrownAt, DateTimeOffset ReadAt);
