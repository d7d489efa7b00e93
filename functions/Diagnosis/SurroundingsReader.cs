using WhatsOps.Fleet;
using WhatsOps.Watch;

namespace WhatsOps.Diagnosis;

/// <summary>Reads the newest samples of the watch, the course of memory, and what the logs of watched containers say of one instance .</summary>
internal sealed class SurroundingsReader(SampleStore samples, RecentErrors errors)
{
    private const int MostLines = 5000;
    private const int MostErrors = 5;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<Surroundings> ReadAsync(FleetSystem system, string instance, DateTimeOffset now, CancellationToken cancellation)
    {
        if (system.Watch is null) return Surroundings.None;
        var series = await samples.SeriesAsync(system.Name, WatchFacts.Metrics, now - Lately, cancellation);
        var seen = await WithMemoryAsync(system.Name, new(series.ToDictionary(one => one.Key, one => one.Value[^1].Value)), now, cancellation);
        var (sign, signAt) = (LogSign.None, DateTimeOffset.MinValue);
        var all = await errors.ReadAsync(system, instance, now, Day, MostLines, line =>
        {
            if (line.At >= signAt && WhatsmeowLog.Of(line.Text) is { } found) (sign, signAt) = (found, line.At);
        }, cancellation);
        // One that cannot be read says nothing; the watch has the finding.
        return seen with { Sign = sign, Errors = all.Any(one => one.Problem is null) ? [.. RecentErrors.Top(all, MostErrors).Select(found => found.Error)] : null };
    }

    private async Task<Surroundings> WithMemoryAsync(string system, Surroundings seen, DateTimeOffset now, CancellationToken cancellation)
    {
        var hours = await samples.SeriesAsync(system, [WatchFacts.Memory, WatchFacts.Restarts, .. MemoryTrend.Uptimes], now - MemoryTrend.Reach, cancellation);
        var fullest = seen.Of(WatchFacts.Memory).OrderByDescending(one => one.Value).Select(one => one.Key).FirstOrDefault();
        return seen with
        {
            Memory = fullest.Target is not null && hours.ContainsKey(fullest) ? (fullest.Target, MemoryTrend.Of(hours, fullest, now)) : null,
            // A smaller count is another container of the same name.
            Restarts = hours.Where(one => one.Key.Metric == WatchFacts.Restarts).ToDictionary(one => one.Key.Target, one => one.Value.Zip(one.Value.Skip(1), (before, after) => Math.Max(0, after.Value - before.Value)).Sum()),
        };
    }
}
