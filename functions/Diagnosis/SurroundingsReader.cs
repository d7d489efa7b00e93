using WhatsOps.Containers;
using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Diagnosis;

/// <summary>Reads the newest samples of the watch, and what the logs of watched containers say of one instance .</summary>
internal sealed class SurroundingsReader(SampleStore samples, ContainerLogs logs)
{
    private const int MostLines = 5000;
    private const int MostErrors = 5;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public async Task<Surroundings> ReadAsync(FleetSystem system, string instance, DateTimeOffset now, CancellationToken cancellation)
    {
        if (system.Watch is not { } watch) return Surroundings.None;
        var series = await samples.SeriesAsync(system.Name, WatchFacts.Metrics, now - Lately, cancellation);
        var seen = new Surroundings(series.ToDictionary(one => one.Key, one => one.Value[^1].Value));
        var errors = new List<NamedCount>();
        var (isRead, sign, signAt) = (false, LogSign.None, DateTimeOffset.MinValue);
        foreach (var target in watch.Containers.Where(target => target.Logs))
        {
            var digest = new LogDigest(LogPlace.Of(target.Container));
            try
            {
                await logs.EachSoonAsync(target.Container, now - Day, MostLines, instance, line =>
                {
                    if (line.At >= now - Hour) digest.Add(line.Text);
                    if (line.At >= signAt && WhatsmeowLog.Of(line.Text) is { } found) (sign, signAt) = (found, line.At);
                }, cancellation);
                isRead = true;
                errors.AddRange(digest.Types());
            }
            catch (ContainerException)
            {
                // One that cannot be read says nothing; the watch has the finding.
            }
        }

        return seen with { Sign = sign, Errors = isRead ? [.. errors.OrderByDescending(error => error.Count).ThenBy(error => error.Name, StringComparer.Ordinal).Take(MostErrors)] : null };
    }
}
