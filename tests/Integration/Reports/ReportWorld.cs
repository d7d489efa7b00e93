using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Npgsql;
using WhatsOps.Alerts;
using WhatsOps.Blobs;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Reports;
using WhatsOps.Routines;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Reports;

/// <summary>Reports over real databases, filled by hand, at a fixed time: Sunday, 1 March 2026, 08:00 in São Paulo.</summary>
internal sealed class ReportWorld : IAsyncDisposable
{
    public const string System = "revalya";
    public static readonly DateTimeOffset Now = new(2026, 3, 1, 11, 0, 0, TimeSpan.Zero);

    private readonly ServiceProvider services;

    private ReportWorld(TestDatabase database, TestDatabase product)
    {
        (Database, Product) = (database, product);
        Fleet = new FixedFleet(new FleetDocument
        {
            Systems =
            [
                new()
                {
                    Name = System, Kind = "evolution", InstancePrefix = "revalya-",
                    TenantDirectory = new() { Kind = "revalya", ConnectionString = product.ConnectionString },
                },
            ],
            Alerts = new() { Routes = [new() { Name = "team", Kind = "log" }, new() { Name = "night", Kind = "log" }] },
        });
        services = new ServiceCollection()
            .AddSingleton(database.DataSource).AddSingleton<TimeProvider>(Time).AddSingleton<IFleet>(Fleet).AddSingleton<IBlobStore>(Blobs).AddSingleton<ProductDatabases>()
            .AddLogging().AddFindings().AddRoutines().AddAlerts().AddReports()
            .BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public TestDatabase Product { get; }

    public FakeTimeProvider Time { get; } = new(Now);

    public FixedFleet Fleet { get; }

    public MemoryBlobs Blobs { get; } = new();

    public FleetSystem Revalya
    {
        get => Fleet.Document.Systems[0];
        set => Fleet.Document = Fleet.Document with { Systems = [value] };
    }

    public IFindings Findings => services.GetRequiredService<IFindings>();

    public IReadOnlyList<IRoutine> Routines => [.. services.GetServices<IRoutine>().OfType<ReportRoutine>()];

    public static async Task<ReportWorld> CreateAsync() => new(await Databases.OperationsAsync(), await Databases.RevalyaAsync());

    public async Task<T> MakeAsync<T>(string kind, ReportWindow? window = null)
        where T : IReport
    {
        var maker = services.GetServices<IReportMaker>().Single(maker => maker.Kind == kind);
        return (T)(await maker.MakeAsync(Revalya, window ?? maker.Window(Now, TimeZoneInfo.FindSystemTimeZoneById(Revalya.TimeZone)), default)).Report;
    }

    public Task<RoutineOutcome> RunAsync(string routine, DateTimeOffset? due = null) => Routines.Single(one => one.Name == routine).RunAsync(new(Revalya, due ?? Now, null), default);

    public Task CallAsync(DateTimeOffset at, string outcome, int? status, int ms, string? tenant = null, int times = 1, string system = System) => ExecuteAsync(
        Database.DataSource,
        """
        INSERT INTO whatsops.gateway_calls (at, system, gateway, tenant, operation, outcome, status, duration_ms)
          SELECT $1, $2, 'gw', $3, 'connectionState', $4, $5, $6 FROM generate_series(1, $7)
        """,
        at, system, tenant, outcome, status, ms, times);

    public async Task EventAsync(DateTimeOffset at, string tenant, string name, int times = 1, bool foreign = false, string system = System)
    {
        await ExecuteAsync(Database.DataSource, "SELECT whatsops.ensure_event_day(($1::timestamptz AT TIME ZONE 'UTC')::date)", at);
        await ExecuteAsync(
            Database.DataSource,
            "INSERT INTO whatsops.events (system, tenant, received_at, id, event, is_foreign, size) SELECT $1, $2, $3, gen_random_uuid(), $4, $5, 1 FROM generate_series(1, $6)",
            system, tenant, at, name, foreign, times);
    }

    /// <summary>What the receiver or a sweep would note.</summary>
    public Task SeenAsync(DateTimeOffset at, string tenant, string state, string source = "direct") => ExecuteAsync(
        Database.DataSource,
        """
        SELECT whatsops.record_instance_sightings(ARRAY[$1], ARRAY[$2], ARRAY['gw'], ARRAY['revalya-' || $2], ARRAY[$3], ARRAY[$4::timestamptz], ARRAY[NULL::timestamptz], ARRAY[$5],
          ARRAY[NULL::int], ARRAY[false])
        """,
        System, tenant, state, at, source);

    /// <summary>Seen every five minutes, both ends included, as sweeps do.</summary>
    public Task WatchedAsync(DateTimeOffset from, DateTimeOffset to, string tenant, string state) => ExecuteAsync(
        Database.DataSource,
        """
        SELECT whatsops.record_instance_sightings(array_agg($1), array_agg($2), array_agg('gw'::text), array_agg('revalya-' || $2), array_agg($3), array_agg(at), array_agg(NULL::timestamptz),
          array_agg('direct'::text), array_agg(NULL::int), array_agg(false)) FROM generate_series($4::timestamptz, $5::timestamptz, interval '5 minutes') at
        """,
        System, tenant, state, from, to);

    public static async Task ExecuteAsync(NpgsqlDataSource database, string sql, params object?[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(value switch
            {
                null => new() { Value = DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Unknown },
                DateTimeOffset time => new() { Value = time.ToUniversalTime() },
                _ => new() { Value = value },
            });
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Product.DisposeAsync();
        await Database.DisposeAsync();
    }
}
