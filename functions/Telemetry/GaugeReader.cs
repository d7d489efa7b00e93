using System.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using WhatsOps.Database;
using WhatsOps.Fleet;

namespace WhatsOps.Telemetry;

/// <summary>
/// Reads all gauges once per interval, in one round trip, and reports them from memory. A reading that is older than three intervals is not
/// reported at all: a zero, or an old value, would say that all is well.
/// </summary>
internal sealed class GaugeReader : BackgroundService
{
    private readonly NpgsqlDataSource database;
    private readonly MigrationService migrations;
    private readonly IFleet fleet;
    private readonly TelemetryOptions options;
    private readonly TimeProvider time;
    private readonly ILogger<GaugeReader> log;
    private readonly GaugeQuery[] queries;
    private Reading? last;
    private bool isFailing;

    public GaugeReader(
        NpgsqlDataSource database, MigrationService migrations, IFleet fleet, IEnumerable<GaugeQuery> queries, TelemetryOptions options, TimeProvider time, ILogger<GaugeReader> log)
    {
        (this.database, this.migrations, this.fleet, this.options, this.time, this.log) = (database, migrations, fleet, options, time, log);
        this.queries = [.. queries.Where(query => !query.IsPerTenant || options.Tenants > 0)];
        foreach (var metric in this.queries.Select(query => query.Metric))
            Meter.CreateObservableGauge(metric.Name, () => Observe(metric), metric.Unit, metric.Description);
    }

    /// <summary>The gauges' own; ends with the reader.</summary>
    internal Meter Meter { get; } = new(Metrics.MeterName);

    /// <summary>Reads now; what fails is logged once per outage and leaves the last reading to grow old.</summary>
    internal async Task ReadAsync(CancellationToken cancellation)
    {
        try
        {
            // The time of the question: an answer that took long is old already.
            var now = time.GetUtcNow();
            if (await fleet.CurrentAsync(cancellation) is not { } version) return;
            last = new(now, await QueryAsync(version.Document.Systems, now, cancellation));
            isFailing = false;
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            if (!isFailing) log.LogWarning("The gauges cannot be read, so they are not reported: {Problem}", problem.GetType().Name);
            isFailing = true;
        }
    }

    public override void Dispose()
    {
        Meter.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await migrations.Ready.WaitAsync(stoppingToken);
        using var timer = new PeriodicTimer(options.Interval, time);
        do await ReadAsync(stoppingToken);
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private IEnumerable<Measurement<double>> Observe(Metric metric) =>
        last is { } reading && time.GetUtcNow() - reading.At <= 3 * options.Interval && reading.Values.TryGetValue(metric, out var values) ? values : [];

    private async Task<Dictionary<Metric, List<Measurement<double>>>> QueryAsync(IReadOnlyList<FleetSystem> systems, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var batch = database.CreateBatch();
        foreach (var query in queries) batch.BatchCommands.Add(new(query.Sql)
        {
            Parameters =
            {
                new() { Value = now.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = systems.Where(query.Of).Select(system => system.Name).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = options.Tenants, NpgsqlDbType = NpgsqlDbType.Integer },
            },
        });
        var values = new Dictionary<Metric, List<Measurement<double>>>();
        await using var row = await batch.ExecuteReaderAsync(cancellation);
        foreach (var query in queries)
        {
            var labels = query.Metric.Labels;
            var measured = values[query.Metric] = [];
            while (await row.ReadAsync(cancellation))
                measured.Add(new(row.GetDouble(labels.Count), labels.Select((label, column) => KeyValuePair.Create<string, object?>(label, row.GetString(column)))));
            await row.NextResultAsync(cancellation);
        }

        return values;
    }

    private sealed record Reading(DateTimeOffset At, Dictionary<Metric, List<Measurement<double>>> Values);
}
