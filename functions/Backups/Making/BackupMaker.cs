using Microsoft.Extensions.Logging;
using WhatsOps.Blobs;

namespace WhatsOps.Backups;

/// <summary>The steps of making a set. Each may be repeated after a crash, and then finds in the catalogue what is done.</summary>
internal sealed class BackupMaker(
    BackupCatalogue catalogue, BackupSources sources, PartWriter writer, PartReader reader, IBlobStore blobs, BackupNews news, InstanceCensus census, TimeProvider time, ILogger<BackupMaker> log)
{
    private static readonly TimeSpan ProgressEvery = TimeSpan.FromSeconds(2);

    public async Task<BackupStep> BeginAsync(Guid id, CancellationToken cancellation)
    {
        if (await RunningAsync(id, cancellation) is not { } set) return new([], "The set has ended already.", IsLasting: true);
        // Of a process that died right after its last word; or this database itself was restored from the set.
        if (await blobs.FindAsync(BackupPaths.Manifest(set.System, id), cancellation) is { } stored)
        {
            await catalogue.CompleteAsync(BackupManifest.Read(stored), cancellation);
            return new([]);
        }

        try
        {
            return new([.. (await sources.OfAsync(set.System, id, cancellation)).Select(source => source.Name)]);
        }
        catch (BackupException problem)
        {
            return new([], problem.Message, IsLasting: true);
        }
    }

    /// <summary>Makes a part, and reads back what storage has of it.</summary>
    public async Task<BackupStep> MakePartAsync(Guid id, string name, CancellationToken cancellation)
    {
        if (await RunningAsync(id, cancellation) is not { } set) return new([], "The set has ended already.", IsLasting: true);
        if ((await catalogue.PartsAsync(id, cancellation)).Any(part => part.Name == name)) return new([]);
        try
        {
            var source = (await sources.OfAsync(set.System, id, cancellation)).FirstOrDefault(source => source.Name == name)
                ?? throw new BackupException($"Part {name} is no longer in the fleet file.", isLasting: true);
            var last = (await catalogue.NewestAsync(set.System, cancellation))?.Manifest?.Parts.FirstOrDefault(part => part.Name == name);
            var part = await writer.WriteAsync(set.System, id, source, Report(id, name, last, cancellation), cancellation);
            await reader.VerifyAsync(part, cancellation);
            await catalogue.AddPartAsync(id, part, cancellation);
            return new([]);
        }
        catch (BackupException problem)
        {
            log.LogWarning("Part {Part} of backup {Set} of {System} was not made: {Problem}", name, id, set.System, problem.Message);
            return new([], $"Part {name}: {problem.Message}", problem.IsLasting);
        }
    }

    /// <summary>Writes the manifest last, or takes everything away. Says how the set ended.</summary>
    public async Task<string> EndAsync(Guid id, string? problem, CancellationToken cancellation)
    {
        if (await catalogue.FindAsync(id, cancellation) is not { } set) return "unknown";
        if (set.State == BackupState.Running)
        {
            if (problem is null) await CompleteAsync(set, cancellation);
            else await FailAsync(set, problem, cancellation);
            set = (await catalogue.FindAsync(id, cancellation))!;
        }

        await news.TellAsync(set, cancellation);
        return set.State.ToString();
    }

    private async Task CompleteAsync(BackupSet set, CancellationToken cancellation)
    {
        var manifest = new BackupManifest
        {
            System = set.System, Id = set.Id, StartedAt = set.RequestedAt, CompletedAt = time.GetUtcNow(), RequestedBy = set.RequestedBy,
            Parts = await catalogue.PartsAsync(set.Id, cancellation), Instances = await census.CountAsync(set.System, cancellation),
        };
        await blobs.PutAsync(BackupPaths.Manifest(set.System, set.Id), manifest.ToBlob(), "application/json", overwrite: true, cancellation);
        await catalogue.CompleteAsync(manifest, cancellation);
    }

    private async Task FailAsync(BackupSet set, string problem, CancellationToken cancellation)
    {
        try
        {
            foreach (var folder in (string[])[BackupPaths.Folder(set.System, set.Id), BackupPaths.ObjectsOf(set.System, set.Id)])
                foreach (var path in await blobs.ListAsync(folder, cancellation)) await blobs.DeleteAsync(path, cancellation);
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            // The set fails all the same; retention takes what is left of sets that are in no catalogue.
            log.LogWarning("Parts of failed backup {Set} are still in storage: {Problem}", set.Id, StorageWords.Of(failure));
        }

        await catalogue.FailAsync(set.Id, problem, time.GetUtcNow(), cancellation);
    }

    private async Task<BackupSet?> RunningAsync(Guid id, CancellationToken cancellation) =>
        await catalogue.FindAsync(id, cancellation) is { State: BackupState.Running } set ? set : null;

    private Action<long> Report(Guid id, string name, BackupPart? last, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var told = began;
        var telling = Task.CompletedTask;
        return bytes =>
        {
            if (time.GetElapsedTime(told) < ProgressEvery || !telling.IsCompleted) return;
            told = time.GetTimestamp();
            var left = last is { PlainBytes: > 0 } && bytes > 0 ? Math.Max(0, last.PlainBytes - bytes) * time.GetElapsedTime(began).TotalSeconds / bytes : (double?)null;
            telling = TellAsync(new(name, bytes, last?.PlainBytes, left));
        };

        // Beside the stream, which must not wait for it; what is lost here is told again in two seconds.
        async Task TellAsync(BackupProgress progress)
        {
            try
            {
                await catalogue.ProgressAsync(id, progress, cancellation);
            }
            catch (Exception problem) when (problem is Npgsql.NpgsqlException or OperationCanceledException)
            {
                log.LogDebug("The progress of backup {Set} was not written: {Problem}", id, problem.Message);
            }
        }
    }
}
