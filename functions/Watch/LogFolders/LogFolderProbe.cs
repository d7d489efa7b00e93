using System.Formats.Tar;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Looks at folders of logs: the declared logs are there, and rotation keeps them as small, as few and as compressed as it should (R-402, R-404).</summary>
internal sealed class LogFolderProbe(ContainerHost containers, FileContent files) : IProbe
{
    private const long Megabyte = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.LogFolders ?? []).Select(target =>
        new Look("log-folder/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Patience, cancellation => ContainerReading.OfAsync(() => ReadAsync(target, cancellation))));

    private async Task<Reading> ReadAsync(LogFolderTarget target, CancellationToken cancellation)
    {
        var name = $"{target.Path} of container {target.Container.Container}";
        if (await files.FindAsync(target.Container, target.Path, cancellation) is not { Stat.IsFolder: true } found)
            return Reading.Absent($"There is no folder {name}. Fix: docker exec {target.Container.Container} ls -la {Path.GetDirectoryName(target.Path)}.");

        var (entries, isWhole) = await ListAsync(target, found.Path, cancellation);
        var logs = entries.GroupBy(entry => entry.Name.Log, StringComparer.Ordinal).OrderBy(log => log.Key, StringComparer.Ordinal).ToArray();
        List<Trouble> troubles = [.. logs.SelectMany(log => LogRotation.Troubles(target, log.Key, [.. log]))];
        if (isWhole)
            troubles.AddRange(target.Files.Where(file => !entries.Exists(entry => entry.Name is { IsRotated: false } log && log.Log == file)).Select(file =>
                new Trouble(TroubleKinds.Absent, Severity.Medium, $"{file} is not in {name}: what is logged there is lost, or goes elsewhere. Fix: let the product log into it, or correct files.") { Subject = file }));
        else
            troubles.Add(new(TroubleKinds.NotObservable, Severity.Medium, $"{name} has more than {target.MaxMegabytes} MB, and was read in part: the engine could only send it whole. Fix: rotate its logs, or raise maxMegabytes.") { Subject = "size" });
        return Reading.Seen(
            $"{entries.Count} files{(isWhole ? "" : " or more")} of {logs.Length} logs, {entries.Sum(entry => entry.Bytes) / Megabyte} MB.",
            isWhole ? [new("log.folder.bytes", entries.Sum(entry => entry.Bytes)), new("log.folder.files", entries.Count)] : [], troubles);
    }

    // An archive of a folder holds what is in it; it is only counted as it goes by.
    private async Task<(List<LogRotation.Entry> Entries, bool IsWhole)> ListAsync(LogFolderTarget target, string path, CancellationToken cancellation)
    {
        List<LogRotation.Entry> entries = [];
        await using var archive = new CappedStream(await containers.ReadAsync(target.Container, path, cancellation), target.MaxMegabytes * Megabyte);
        await using var tar = new TarReader(archive, leaveOpen: true);
        try
        {
            while (await tar.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
            {
                // The first part is the folder itself.
                var name = string.Join('/', entry.Name.Split('/', StringSplitOptions.RemoveEmptyEntries).Skip(1));
                if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile or TarEntryType.SymbolicLink or TarEntryType.HardLink)
                    entries.Add(new(name, RotatedName.Of(name), entry.Length));
            }
        }
        catch (InvalidDataException) when (archive.Position > target.MaxMegabytes * Megabyte)
        {
            return (entries, false);
        }

        return (entries, true);
    }
}
