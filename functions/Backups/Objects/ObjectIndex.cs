using System.Text.Json;

namespace WhatsOps.Backups;

/// <summary>Reads the index that <see cref="ObjectsSource"/> wrote.</summary>
internal sealed class ObjectIndex(Stream part)
{
    private readonly PartRecords.Reader _records = new(part);

    public Task BeginAsync(CancellationToken cancellation) => _records.BeginAsync(ObjectsSource.Magic, cancellation);

    /// <summary>The next entry; null after the last.</summary>
    /// <exception cref="InvalidDataException">It is damaged or cut off.</exception>
    public async Task<ObjectEntry?> NextAsync(CancellationToken cancellation)
    {
        try
        {
            return await _records.NextAsync(cancellation) is { } record ? JsonSerializer.Deserialize<ObjectEntry>(record) : null;
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException("An entry of this index is damaged.", problem);
        }
    }
}
