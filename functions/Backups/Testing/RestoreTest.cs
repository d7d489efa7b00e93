using System.Security.Cryptography;
using System.Text.Json;
using Npgsql;
using WhatsOps.Fleet;

namespace WhatsOps.Backups;

/// <summary>
/// Proves a set by restoring it: each database into a scratch database of its own, until the first error; then every table is counted and compared
/// with what the snapshot had. Only a set that passed counts as one that restores (R-022, R-123, R-210).
/// </summary>
internal sealed class RestoreTest(BackupCatalogue catalogue, BackupSources sources, PartReader reader, PgRestore restore, BackupNews news, TimeProvider time)
{
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
                else await ReadAsync(set.Manifest, part, cancellation);
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
        await using var scratch = await ScratchDatabase.CreateAsync(sources.Scratch(database), set.Id, part.Name, cancellation);
        // A dump of chosen tables names their schemas without making them.
        if (!part.IsWhole) await scratch.EnsureSchemasAsync(part.Counts.Keys.Select(name => name[..name.IndexOf('.')]).Distinct(StringComparer.Ordinal), cancellation);
        await using var dump = await reader.OpenAsync(set, part, cancellation);
        await restore.RunAsync(dump, scratch.Target, scratch.ServerMajor, cancellation);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(scratch.Target.ConnectionString) { CommandTimeout = 0 }.ConnectionString);
        await connection.OpenAsync(cancellation);
        var found = await RowCounts.OfAsync(connection, part.Counts.Keys.Select(name => (name[..name.IndexOf('.')], name[(name.IndexOf('.') + 1)..])), cancellation);
        var different = part.Counts.Where(count => found[count.Key] != count.Value).Select(count => $"{count.Key} has {found[count.Key]} rows instead of {count.Value}").Take(5).ToArray();
        if (different.Length > 0) throw new BackupException($"Part {part.Name} was restored, but {string.Join(", ", different)}.", isLasting: true);
    }

    // The fleet file: read to its end, and still a fleet file.
    private async Task ReadAsync(BackupManifest set, BackupPart part, CancellationToken cancellation)
    {
        await using var content = await reader.OpenAsync(set, part, cancellation);
        try
        {
            if ((await JsonSerializer.DeserializeAsync<FleetDocument>(content, FleetJson.Options, cancellation))?.Systems.Count != part.Counts["systems"])
                throw new BackupException($"Part {part.Name} does not hold the systems it was made of.", isLasting: true);
        }
        catch (JsonException)
        {
            throw new BackupException($"Part {part.Name} is no fleet file.", isLasting: true);
        }
    }
}
