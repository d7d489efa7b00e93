using WhatsOps.Containers;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>The errors of the last hour in the logs of a system's containers, for somebody who waits, whatever the looks have read before .</summary>
internal sealed class RecentErrors(ContainerLogs logs)
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <param name="about">Only lines that have this word; null: all.</param>
    /// <returns>One for each container whose log is watched; a log that cannot be read is said to be none.</returns>
    public Task<IReadOnlyList<ContainerErrors>> ReadAsync(FleetSystem system, string? about, DateTimeOffset now, CancellationToken cancellation) =>
        ReadAsync(system, about, now, Hour, null, _ => { }, cancellation);

    /// <summary>The same, while every line of a longer time goes by.</summary>
    /// <param name="reach">How far back lines are read, an hour or more.</param>
    /// <param name="most">This many lines at the end of each log; null: all.</param>
    public async Task<IReadOnlyList<ContainerErrors>> ReadAsync(
        FleetSystem system, string? about, DateTimeOffset now, TimeSpan reach, int? most, Action<LogLine> each, CancellationToken cancellation)
    {
        var all = new List<ContainerErrors>();
        foreach (var target in (system.Watch?.Containers ?? []).Where(target => target.Logs))
        {
            var digest = new LogDigest(LogPlace.Of(target.Container));
            try
            {
                var isPart = await logs.EachSoonAsync(target.Container, now - reach, most, about, line =>
                {
                    if (line.At >= now - Hour) digest.Add(line.Text);
                    each(line);
                }, cancellation);
                all.Add(new(target, digest.Types(), isPart, null));
            }
            catch (ContainerException problem)
            {
                all.Add(new(target, [], false, problem.Message));
            }
        }

        return all;
    }

    /// <summary>Of all containers, the most frequent first.</summary>
    public static IEnumerable<(ContainerErrors Of, NamedCount Error)> Top(IEnumerable<ContainerErrors> all, int most) => all.SelectMany(one => one.Types.Select(error => (Of: one, Error: error)))
        .OrderByDescending(found => found.Error.Count).ThenBy(found => found.Error.Name, StringComparer.Ordinal).Take(most);
}
