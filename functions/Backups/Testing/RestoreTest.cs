using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// Proves a set by restoring it: each database into a scratch database of its own, until the first error; then every table is counted and compared
/// with what the snapshot had. Only a set that passed counts as one that restores.
/// </summary>
internal sealed class RestoreTest(
    BackupCatalogue catalogue, BackupSources sources, DatabaseRestore restore, PartRestorers restorers, BackupNews news, TimeProvider time, ILogger<RestoreTest> log)
{
    private const string Maker = "whatsops restore test";

    /// <returns>How long it took and what was compared, or why it failed.</returns>
    public async Task<RestoreTestReport> RunAsync(BackupSet set, BackupOptions options, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (tables, rows) = (0, 0L);
        string? problem = null;
        try
        {
            foreach (var part in set.Manifest!.Parts)
            {
                if (part.Kind == "postgres") await RestoreAsync(set.Manifest, part, options, cancellation);
                else await restorers.ReadAsync(set.Manifest, part, cancellation);
                if (part.Kind == "postgres") (tables, rows) = (tables + part.Counts.Count, rows + part.Counts.Values.Sum());
            }
        }
        catch (BackupException failure)
        {
            problem = failure.Message;
        }
        catch (Exception failure) when (failure is CryptographicException or InvalidDataException)
        {
            problem = $"A part does not open: {failure.Message}";
        }

        var seconds = time.GetElapsedTime(began).TotalSeconds;
        if (problem is null) await catalogue.TestedAsync(set.Id, time.GetUtcNow(), seconds, cancellation);
        else await catalogue.TestFailedAsync(set.Id, problem, cancellation);
        await news.TellTestAsync(set.System, set.Id, problem, cancellation);
        return new(set.Id, seconds, tables, rows, problem);
    }

    private async Task RestoreAsync(BackupManifest set, BackupPart part, BackupOptions options, CancellationToken cancellation)
    {
        var database = options.Databases.FirstOrDefault(database => database.Name == part.Name)
            ?? throw new BackupException($"Part {part.Name} is no longer in the fleet file, so there is no server to restore it to.", isLasting: true);
        var (server, scratch) = (sources.Scratch(database), NewDatabase.ScratchName(set.Id, part.Name));
        try
        {
            await restore.RunAsync(set, part, server, scratch, Maker, model: null, cancellation);
        }
        finally
        {
            await DropAsync(server, scratch);
        }
    }

    private async Task DropAsync(NpgsqlConnectionStringBuilder server, string scratch)
    {
        try
        {
            await NewDatabase.DropAsync(server, scratch, Maker, CancellationToken.None);
        }
        catch (BackupException problem)
        {
            // The next test of this set drops it first.
            log.LogWarning("A restore test left its scratch database behind: {Problem}", problem.Message);
        }
    }
}
