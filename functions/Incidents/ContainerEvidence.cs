using System.Globalization;
using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Incidents;

/// <summary>What the engines have of the watched containers: how each is and was started, what runs in it, its output, and the log files in it.</summary>
internal sealed class ContainerEvidence(ContainerHost containers, ContainerProcesses processes, FileContent files, TimeProvider time)
{
    private const long Megabyte = 1024 * 1024;

    private const string NotInTime = "It was not sent in time", BrokeOff = "What the engine sends of it broke off";

    // Engines cut longer ones.
    private const int LongestLine = 16 * 1024;

    // Less than a source has: what was read by then is given. A part of it is left for the end of a log that is slow.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25), PatienceWithAll = TimeSpan.FromSeconds(12);

    /// <summary>Bytes that are read of an output at once; what is above it is not even looked at: an engine would send for minutes.</summary>
    public long MostRead { get; init; } = 64 * Megabyte;

    /// <param name="most">Bytes that are kept of each log, the newest.</param>
    public IEnumerable<EvidenceSource> Sources(WatchOptions watch, DateTimeOffset since, int most) =>
    [
        .. watch.Containers.SelectMany(target => (EvidenceSource[])
        [
            new($"containers/{target.Name}/inspect.json", token => InspectAsync(target.Container, token)),
            new($"containers/{target.Name}/processes.json", token => ProcessesAsync(target.Container, token)),
            new($"containers/{target.Name}/log.txt", token => LogAsync(target.Container, since, isError: null, most, token)),
        ]),
        .. watch.Logs.Select(target => new EvidenceSource($"logs/{target.Name}.txt", token => FileAsync(target, since, most, token))),
    ];

    private async Task<EvidenceContent> InspectAsync(ContainerReference container, CancellationToken cancellation) =>
        await containers.InspectAsync(container, cancellation) is { } found
            ? new(EvidenceMask.Json(ContainerFacts.Of(found)), $"How container {container.Container} is, and how it was started.")
            : throw ContainerHost.NoSuch(container);

    private async Task<EvidenceContent> ProcessesAsync(ContainerReference container, CancellationToken cancellation) =>
        new(EvidenceMask.Json(await processes.ReadAsync(container, cancellation)), $"What runs in container {container.Container}, without arguments.");

    private async Task<EvidenceContent> LogAsync(ContainerReference container, DateTimeOffset since, bool? isError, int most, CancellationToken cancellation)
    {
        var what = $"The output of container {container.Container} since {Time(since)}";
        var started = time.GetTimestamp();
        var all = new NewestLines(most);
        if (await ReadAsync(null, all, PatienceWithAll) is not { } why) return Lines(all, what, most, "");
        // The oldest came first, and what is asked about is at the end. As many lines as fit, or as few as are no more than may be read, however long they are.
        foreach (var last in new[] { Math.Max(all.Count, (int)(MostRead / LongestLine)), (int)(MostRead / LongestLine) }.Distinct())
        {
            var end = new NewestLines(most);
            var whyNot = await ReadAsync(last, end, Patience - time.GetElapsedTime(started));
            if (whyNot is null && end.Count > 0) return Lines(end, what, most, $" {why}: only its last {last} lines were read, and what is before them is missing.");
            if (whyNot == NotInTime) break;
        }

        return all.Count > 0 ? Lines(all, what, most, $" {why}: the newest lines are missing.") : throw new ContainerException(NotInTime + ".");

        // Null: it was read to its end.
        async Task<string?> ReadAsync(int? last, NewestLines lines, TimeSpan patience)
        {
            using var over = new CancellationTokenSource(patience > TimeSpan.Zero ? patience : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
            try
            {
                using var stream = await containers.LogsAsync(container, since, last, isError, either.Token);
                return await LogReader.ReadAsync(stream, since, DateTimeOffset.MaxValue, lines.Add, either.Token, MostRead) ? $"It has more than {MostRead / Megabyte} MB" : null;
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return NotInTime;
            }
            catch (Exception problem) when (all.Count > 0 && problem is (ContainerException or IOException or HttpRequestException))
            {
                // What was read before is worth more than nothing.
                return BrokeOff;
            }
        }
    }

    private async Task<EvidenceContent> FileAsync(LogFileTarget target, DateTimeOffset since, int most, CancellationToken cancellation)
    {
        var container = target.Container;
        if (await files.FindAsync(container, target.Path, cancellation) is not { } found) throw new ContainerException($"Container {container.Container} has no {target.Path}.", isLasting: true);
        if (FileContent.Output(found.Path) is { } isError) return await LogAsync(container, since, isError, most, cancellation);
        if (!found.Stat.IsFile) throw new ContainerException($"{target.Path} of container {container.Container} is no file.", isLasting: true);
        if (found.Stat.Size > target.MaxMegabytes * Megabyte)
            return new(null, $"{target.Path} of container {container.Container} has {found.Stat.Size / Megabyte} MB, more than {target.MaxMegabytes}: copy it by hand (docker cp), or raise maxMegabytes.");
        var what = $"{target.Path} of container {container.Container}, {found.Stat.Size / 1024} KB, changed at {Time(found.Stat.ModifiedAt)}";
        var lines = new NewestLines(most);
        using var over = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellation);
        try
        {
            // From its beginning: of a longer one the newest lines are read.
            var start = new FileCursor(0, FileHead.Of([]), 0, default, default, default);
            var tail = await files.ReadAsync(container, found.Path, (data, length) => FileTail.ReadAsync(data, length, start, onlySame: false, lines.Add, either.Token), either.Token);
            return Lines(lines, what, most, tail.IsCut ? $" Only its last {FileTail.MostBytes / Megabyte} MB were read." : "");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return lines.Count > 0 ? Lines(lines, what, most, $" {NotInTime}: the newest lines are missing.") : throw new ContainerException(NotInTime + ".");
        }
        catch (Exception problem) when (lines.Count > 0 && problem is (ContainerException or IOException or HttpRequestException))
        {
            return Lines(lines, what, most, $" {BrokeOff}: the newest lines are missing.");
        }
    }

    private static EvidenceContent Lines(NewestLines lines, string what, int most, string missing)
    {
        if (lines.Dropped > 0) missing += $" The oldest {lines.Dropped} lines gave way: no more than {most / 1024} KB of it are kept.";
        return new(lines.ToBytes(), $"{what}: {lines.Count} lines.{missing}") { IsCut = missing.Length > 0 };
    }

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}
