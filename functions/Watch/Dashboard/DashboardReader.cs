using Npgsql;
using WhatsOps.Fleet;
using static WhatsOps.Database.SqlParameters;

namespace WhatsOps.Watch;

/// <summary>Makes a dashboard: from samples, the receiver's own counts, the logs of the last hour, and for one instance from the product's tables. What fails is said in it.</summary>
internal sealed class DashboardReader(SampleStore samples, RecentErrors errors, InstanceTables tables, NpgsqlDataSource database, TimeProvider time)
{
    private const int MostErrors = 20;
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public async Task<Dashboard> ReadAsync(FleetSystem system, string? instance, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var unknown = new List<string>();
        var newest = new DashboardSamples(await samples.SeriesAsync(system.Name, DashboardSamples.Metrics, now - DashboardSamples.Reach, cancellation), now);
        var (instances, messages) = instance is null ? (newest.Instances(), newest.Messages()) : await InstanceAsync(system, instance, unknown, cancellation);
        if (instance is null && instances is null) unknown.Add("Instances and messages are not known: no postgres target with tables turbozap was seen lately.");
        if (messages is { Sent: null } or { Received: null }) unknown.Add("Messages of 5 minutes are not known: it takes two looks at the product's tables, the last of them lately.");
        var rates = newest.ErrorRates();
        if (rates.Count == 0) unknown.Add("The error rate is not known: no target gives a counter of failures. TurboZap itself has none.");
        var containers = newest.Containers();
        if (containers.Count == 0) unknown.Add("Use of processor and memory is not known: no container was seen lately.");
        return new(
            system.Name, instance, now, instances, messages, rates, containers, await EventsAsync(system, instance, now, cancellation), await ErrorsAsync(system, instance, now, unknown, cancellation), unknown);
    }

    private async Task<(DashboardInstances?, DashboardMessages?)> InstanceAsync(FleetSystem system, string instance, List<string> unknown, CancellationToken cancellation)
    {
        var targets = (system.Watch?.Postgres ?? []).Where(target => target.Tables == ProductTables.TurboZap).ToArray();
        if (targets.Length == 0) unknown.Add("The instance's state and messages are not known: the fleet file has no postgres target with tables turbozap.");
        foreach (var target in targets)
        {
            try
            {
                if (await tables.ReadAsync(target, instance, cancellation) is ({ } found, { } messages)) return (found, messages);
                unknown.Add($"postgres/{target.Name} has no instance {instance}; names are exact.");
            }
            catch (Exception problem) when (problem is NpgsqlException or ProblemException or MissingSecretException)
            {
                // The type or the code only: a message may quote an address.
                unknown.Add($"postgres/{target.Name} does not tell of the instance ({(problem as PostgresException)?.SqlState ?? problem.GetType().Name}).");
            }
        }

        return (null, null);
    }

    private async Task<IReadOnlyList<NamedCount>> EventsAsync(FleetSystem system, string? instance, DateTimeOffset now, CancellationToken cancellation)
    {
        var tenant = instance is not null && instance.StartsWith(system.InstancePrefix, StringComparison.Ordinal) ? instance[system.InstancePrefix.Length..] : instance;
        // Totals are of whole hours; the one that runs counts.
        await using var command = database.CreateCommand(
            "SELECT t.event, sum(t.events)::bigint FROM whatsops.event_totals($1, date_trunc('hour', $2::timestamptz, 'UTC'), $3) t WHERE $4::text IS NULL OR t.tenant = $4 GROUP BY 1 ORDER BY 2 DESC, 1");
        command.Parameters.Add(new() { Value = system.Name });
        command.Parameters.Add(Time(now - Day));
        command.Parameters.Add(Time(now));
        command.Parameters.Add(new() { Value = (object?)tenant ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        var events = new List<NamedCount>();
        await using var rows = await command.ExecuteReaderAsync(cancellation);
        while (await rows.ReadAsync(cancellation)) events.Add(new(rows.GetString(0), rows.GetInt64(1)));
        return events;
    }

    private async Task<IReadOnlyList<DashboardError>> ErrorsAsync(FleetSystem system, string? instance, DateTimeOffset now, List<string> unknown, CancellationToken cancellation)
    {
        var all = await errors.ReadAsync(system, instance, now, cancellation);
        if (all.Count == 0) unknown.Add("Errors are not known: the fleet file names no container whose log is read.");
        foreach (var one in all)
            if (one.Problem is { } problem) unknown.Add($"Errors of container {one.Target.Container.Container} are not known: {problem}");
            else if (one.IsPart) unknown.Add($"Only a part of the last hour's log of container {one.Target.Container.Container} was read: it is long.");
        return [.. RecentErrors.Top(all, MostErrors).Select(found => new DashboardError($"container/{found.Of.Target.Name}", found.Error.Name, found.Error.Count))];
    }
}
