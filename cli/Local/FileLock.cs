namespace WhatsOps.Cli.Local;

/// <summary>One holder at a time over all processes of this machine; the system lets go when the holder dies.</summary>
public sealed class FileLock : IAsyncDisposable
{
    private readonly FileStream _file;

    private FileLock(FileStream file) => _file = file;

    public static async Task<FileLock> TakeAsync(string path, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                return new FileLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException)
            {
                await Task.Delay(200, cancellation);
            }
        }
    }

    public ValueTask DisposeAsync() => _file.DisposeAsync();
}
