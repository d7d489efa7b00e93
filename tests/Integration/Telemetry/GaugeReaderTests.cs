using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using WhatsOps.Alerts;
using WhatsOps.Backups;
using WhatsOps.Database;
using WhatsOps.Events;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Runbooks;
using WhatsOps.Telemetry;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Telemetry;

/// <summary>The gauges on a real database with known rows.</summary>
public sealed class GaugeReaderTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly GaugeQuery[] Queries =
    [
        HealthGauges.SweepAge, DeliveryGauges.Lag, DeliveryGauges.TenantLag, FindingGauges.BySeverity, FindingGauges.ByTenant, RunGauges.Open, RunGauges.Stuck(new RunbookPatience()),
        BackupGauges.VerifiedAge, AlertGauges.Outbox,
    ];

    private readonly FakeTimeProvider _time = new(Now);
    private readonly List<string> _logged = [];
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        await ExecuteAsync(
            """
            INSERT INTO whatsops.fleet_versions (document, applied_at, applied_by, changes) VALUES ('{}', '2026-03-01 09:00Z', 'ana', ''), ('{}', '2026-03-01 11:00Z', 'ana', '');
            INSERT INTO whatsops.system_sweeps (system, leased_until, finished_at) VALUES ('shop', '2026-03-01Z', '2026-03-01 11:57Z');
            INSERT INTO whatsops.delivery_lanes (system, tenant) VALUES ('shop', 'acme'), ('shop', 'beta'), ('shop', 'calm');
            INSERT INTO whatsops.deliveries (event_id, system, tenant, received_at, event, state, is_aside, owed_since, next_attempt_at) VALUES
              (gen_random_uuid(), 'shop', 'acme', now(), 'x', 'pending', false, '2026-03-01 11:59Z', now()),
              (gen_random_uuid(), 'shop', 'beta', now(), 'x', 'pending', true, '2026-03-01 11:50Z', now()),
              (gen_random_uuid(), 'shop', 'calm', now(), 'x', 'delivered', false, '2026-03-01 08:00Z', now()),
              (gen_random_uuid(), 'shop', 'calm', now(), 'x', 'dead', false, '2026-03-01 08:00Z', now());
            INSERT INTO whatsops.findings (fingerprint, kind, check_name, system, tenant, severity, state, silenced_until, closed_at, cause, evidence, opened_at, last_seen_at) VALUES
              ('1', 'k', 'c', 'shop', 'acme', 4, 'open', NULL, NULL, '', '{}', now(), now()), ('2', 'k', 'c', 'shop', 'beta', 3, 'acknowledged', NULL, NULL, '', '{}', now(), now()),
              ('3', 'k', 'c', 'shop', 'beta', 3, 'silenced', '2026-03-01 11:59Z', NULL, '', '{}', now(), now()), ('4', 'k', 'c', 'shop', 'calm', 3, 'silenced', '2026-03-01 12:01Z', NULL, '', '{}', now(), now()),
              ('5', 'k', 'c', 'shop', 'calm', 4, 'accepted', NULL, NULL, '', '{}', now(), now()), ('6', 'k', 'c', 'shop', 'calm', 4, 'closed', NULL, now(), '', '{}', now(), now()),
              ('7', 'k', 'c', 'gone', 'acme', 4, 'open', NULL, NULL, '', '{}', now(), now());
            INSERT INTO whatsops.runs (id, system, tenant, instance, gateway, runbook, version, plan, plan_hash, destructive, reason, requested_by, state, created_at, progressed_at, ended_at) VALUES
              (gen_random_uuid(), 'shop', 't', 'i1', 'g', 'r', 1, '{}', '', false, '', 'ana', 'running', now(), '2026-03-01 11:49Z', NULL),
              (gen_random_uuid(), 'shop', 't', 'i2', 'g', 'r', 1, '{}', '', false, '', 'ana', 'waiting', now(), '2026-03-01 11:51Z', NULL),
              (gen_random_uuid(), 'shop', 't', 'i3', 'g', 'r', 1, '{}', '', false, '', 'ana', 'waiting_approval', now(), '2026-03-01 03:00Z', NULL),
              (gen_random_uuid(), 'shop', 't', 'i4', 'g', 'r', 1, '{}', '', false, '', 'ana', 'completed', now(), '2026-03-01 03:00Z', now());
            INSERT INTO whatsops.backup_sets (id, system, state, requested_at, ended_at, manifest, tested_at, test_problem) VALUES
              (gen_random_uuid(), 'shop', 'complete', '2026-03-01 02:00Z', now(), '{}', now(), NULL), (gen_random_uuid(), 'shop', 'complete', '2026-03-01 08:00Z', now(), '{}', NULL, NULL),
              (gen_random_uuid(), 'shop', 'complete', '2026-03-01 10:00Z', now(), '{}', now(), 'rows are missing');
            INSERT INTO whatsops.alert_outbox (id, route, system, message, created_at, sent_at, dead_at) VALUES
              (gen_random_uuid(), 'r', 'shop', '{}', now(), NULL, NULL), (gen_random_uuid(), 'r', 'shop', '{}', now(), now(), NULL), (gen_random_uuid(), 'r', 'shop', '{}', now(), NULL, now())
            """);
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    [Fact]
    public async Task Every_gauge_tells_what_the_rows_say_and_every_system_has_one()
    {
        using var reader = Reader(_database.DataSource);
        await reader.ReadAsync(default);
        var read = Observe(reader);
        Assert.Equal(
            [
                "whatsops.alerts.outbox = 1",
                // Two hours of data that are not proven, one set that failed: the oldest one counts. clinic has none, and counts from the first fleet file.
                "whatsops.backup.verified.age clinic = 10800", "whatsops.backup.verified.age shop = 36000",
                .. from system in (string[])["clinic", "shop"]
                   from severity in (string[])["critical", "high", "info", "low", "medium"]
                   select $"whatsops.findings.open {system} {severity} = {(system, severity) switch { ("shop", "critical") => 1, ("shop", "high") => 2, _ => 0 }}",
                "whatsops.runs.open clinic = 0", "whatsops.runs.open shop = 3", "whatsops.runs.stuck clinic = 0", "whatsops.runs.stuck shop = 1",
                "whatsops.sweep.age clinic = 3600", "whatsops.sweep.age shop = 180",
                // clinic forwards nothing.
                "whatsops.webhook.lag shop = 600",
            ],
            read);
    }

    [Fact]
    public async Task Tenants_are_told_only_where_allowed_and_no_more_than_that()
    {
        using (var reader = Reader(_database.DataSource, ("MetricsTenants", "1")))
        {
            await reader.ReadAsync(default);
            Assert.Equal(["whatsops.tenant.findings shop beta = 2", "whatsops.tenant.webhook.lag shop beta = 600"], Observe(reader).Where(line => line.Contains("tenant", StringComparison.Ordinal)));
        }

        using var more = Reader(_database.DataSource, ("MetricsTenants", "2"));
        await more.ReadAsync(default);
        Assert.Equal(4, Observe(more).Count(line => line.Contains("tenant", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task What_cannot_be_read_is_reported_for_a_while_and_then_not_at_all()
    {
        var settings = new NpgsqlConnectionStringBuilder(_database.ConnectionString) { Pooling = false };
        await using var source = NpgsqlDataSource.Create(settings.ConnectionString);
        using var reader = Reader(source);
        Assert.Empty(Observe(reader));
        await reader.ReadAsync(default);
        Assert.NotEmpty(Observe(reader));

        await ExecuteAsync("ALTER TABLE whatsops.runs RENAME TO runs_gone");
        for (var second = 0; second < 90; second += 30)
        {
            _time.Advance(TimeSpan.FromSeconds(30));
            await reader.ReadAsync(default);
            Assert.NotEmpty(Observe(reader));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(Observe(reader));
        Assert.Single(_logged, line => line.Contains("gauges cannot be read", StringComparison.Ordinal));

        await ExecuteAsync("ALTER TABLE whatsops.runs_gone RENAME TO runs");
        await reader.ReadAsync(default);
        Assert.NotEmpty(Observe(reader));
    }

    private GaugeReader Reader(NpgsqlDataSource source, params (string Name, string Value)[] settings)
    {
        var fleet = new Mock<IFleet>();
        fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>())).Returns(new ValueTask<FleetVersion?>(new FleetVersion(
            1,
            new FleetDocument
            {
                Systems =
                [
                    new() { Name = "shop", Kind = "evolution", InstancePrefix = "", Webhook = new() { DeliverTo = "http://127.0.0.1:9" }, Backup = new() },
                    new() { Name = "clinic", Kind = "evolution", InstancePrefix = "", Backup = new() },
                ],
            },
            Now, "ana")));
        var options = TelemetryOptions.From(new ConfigurationBuilder().AddInMemoryCollection(settings.ToDictionary(pair => pair.Name, pair => (string?)pair.Value)).Build());
        var migrations = new MigrationService(new Migrator(source, new(_database.ConnectionString)), _time, NullLogger<MigrationService>.Instance);
        return new(source, migrations, fleet.Object, Queries, options, _time, new LoggerFactory([new ListLogger(_logged)]).CreateLogger<GaugeReader>());
    }

    // Of this reader only: other tests of the process have gauges of the same names.
    private static string[] Observe(GaugeReader reader)
    {
        var lines = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) => { if (ReferenceEquals(instrument.Meter, reader.Meter)) l.EnableMeasurementEvents(instrument); } };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) =>
            lines.Add($"{string.Join(' ', [instrument.Name, .. tags.ToArray().Select(tag => tag.Value)])} = {value}"));
        listener.Start();
        listener.RecordObservableInstruments();
        return [.. lines.Order(StringComparer.Ordinal)];
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = _database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
