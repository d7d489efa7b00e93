using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Looks at log files in containers (R-232, R-239, R-240, R-354, R-359, R-388, R-402, R-406, R-407). No line is kept: counts, masked addresses, fingerprints are.</summary>
internal sealed class LogFileProbe(ContainerHost containers, FileContent files, LogFileReader reader, ContainerLogs outputs, LogTallies tallies, TimeProvider time) : IProbe
{
    // A file of many megabytes comes whole.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.Logs ?? []).Select(target =>
        new Look(NameOf(target), TimeSpan.FromSeconds(target.EverySeconds), Patience, cancellation => ContainerReading.OfAsync(() => ReadAsync(system.Name, target, cancellation))));

    private static string NameOf(LogFileTarget target) => "log/" + target.Name;

    private async Task<Reading> ReadAsync(string system, LogFileTarget target, CancellationToken cancellation)
    {
        var place = LogPlace.Of(target);
        if (await files.FindAsync(target.Container, target.Path, cancellation) is not { } found)
            return Reading.Absent($"Container {target.Container.Container} has no {target.Path}. Fix: docker exec {target.Container.Container} ls -la {Path.GetDirectoryName(target.Path)}; correct the path, or let the product log there.");

        var digest = ILineDigest.Of(target);
        if (FileContent.Output(found.Path) is { } isError) return await OutputAsync(system, target, isError, digest, cancellation);
        if (!found.Stat.IsFile) return Reading.Absent($"{target.Path} of container {target.Container.Container} is {(found.Stat.IsFolder ? "a folder" : "a device or a socket")}, no log file.");

        var now = time.GetUtcNow();
        var news = await reader.ReadAsync(system, NameOf(target), target, found.Path, found.Stat, now, digest.Add, cancellation);
        await tallies.AddAsync(system, NameOf(target), digest.Tallies(), now, cancellation);
        List<Measure> measures = [new("log.size.bytes", found.Stat.Size), new("log.silence.seconds", Math.Max(0, news.Silence.TotalSeconds))];
        // Not read is not zero.
        if (!news.IsTooLarge && !news.IsFirst) measures.AddRange(digest.Measures());
        return Reading.Seen(Words(found.Stat, news), measures, [.. digest.Troubles(news.Span), .. Troubles(target, place, found.Stat, news)]);
    }

    private async Task<Reading> OutputAsync(string system, LogFileTarget target, bool isError, ILineDigest digest, CancellationToken cancellation)
    {
        // The engine's clock stamps the lines.
        var now = await containers.IsRunningAsync(target.Container, cancellation) == true
            ? new DateTimeOffset(DateTime.SpecifyKind((await containers.StatsAsync(target.Container, cancellation)).Read, DateTimeKind.Utc))
            : time.GetUtcNow();
        var stretch = await outputs.StretchAsync(system, NameOf(target), target.Container, isError, now, digest.Add, cancellation);
        await tallies.AddAsync(system, NameOf(target), digest.Tallies(), time.GetUtcNow(), cancellation);
        var words = $"The container's {(isError ? "output of errors" : "output")} is read.";
        if (stretch is null) return Reading.Seen(words, []);
        return Reading.Seen(words, [.. digest.Measures()], [.. digest.Troubles(stretch.Span), .. stretch.IsCut ? (Trouble[])[Cut(LogPlace.Of(target), LogReader.MostBytes, "newest")] : []]);
    }

    private static string Words(ContainerPath stat, FileNews news) => news switch
    {
        { IsFirst: true } => $"It has {stat.Size} bytes, and is read from here on.",
        { IsTooLarge: true } => $"It has {stat.Size} bytes, too many to be read.",
        { IsRotated: true, IsWhole: false } => $"It was rotated; what came between the last look and that is not counted. It has {stat.Size} bytes.",
        { IsRotated: true } => $"It was rotated. It has {stat.Size} bytes.",
        _ => $"It has {stat.Size} bytes.",
    };

    private static IEnumerable<Trouble> Troubles(LogFileTarget target, LogPlace place, ContainerPath stat, FileNews news)
    {
        if (news.IsTooLarge)
            yield return new(TroubleKinds.NotObservable, Severity.Medium, $"{place.Name} has {stat.Size / 1024 / 1024} MB, more than {target.MaxMegabytes}, and is not read: the engine could only send it whole. Fix: rotate it (pm2-logrotate max_size 10M, logrotate), or raise maxMegabytes.") { Subject = "log size" };
        if (news.IsCut) yield return Cut(place, FileTail.MostBytes, "oldest");
        if (target.SilentMinutes > 0 && news.Silence > TimeSpan.FromMinutes(target.SilentMinutes))
            yield return new(TroubleKinds.Unhealthy, Severity.Medium, $"{place.Name} has not grown for {LogDigest.Words(news.Silence)}, longer than {target.SilentMinutes} min: what writes it is dead, writes elsewhere, or still writes into the file that was rotated away. Next: docker exec {target.Container.Container} ls -la {target.Path}.") { Subject = "silence" };
    }

    private static Trouble Cut(LogPlace place, int bytes, string which) => new(
        TroubleKinds.NotObservable, Severity.Low, $"{place.Name} grew by more than {bytes / 1024 / 1024} MB between two looks; the {which} lines were not read, so its counts are too low. Fix: log less, or look more often.") { Subject = "log growth" };
}
