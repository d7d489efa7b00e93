using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Moq;
using Npgsql;
using WhatsOps.Cli.Local;
using WhatsOps.Database;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Health;

/// <summary>Every reason for which a process must get no work, on a real database and a clock that moves when told.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    private const string Unreachable = "the operations database does not answer";
    private const string NoSweep = "no sweep was completed within 15 minutes";
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(15);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly Mock<IFleet> _fleet = new();
    private TestDatabase _database = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await Databases.OperationsAsync();
        _fleet.Setup(fleet => fleet.CurrentAsync(It.IsAny<CancellationToken>())).ReturnsAsync(new FleetVersion(1, new FleetDocument(), _time.GetUtcNow(), "ana"));
    }

    public async ValueTask DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task With_database_schema_fleet_and_sweeps_there_is_no_reason_against() => Assert.Empty(await ReasonsAsync(await StartAsync()));

    [Fact]
    public async Task A_database_that_is_not_there_is_the_reason()
    {
        await using var nowhere = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={FreePort.Next()};Username=x;Password=x;Database=x");
        Assert.Equal([Unreachable], await ReasonsAsync(await StartAsync(nowhere)));
    }

    [Fact]
    public async Task A_database_that_takes_connections_and_never_answers_is_given_three_seconds()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        await using var source = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={((IPEndPoint)silent.LocalEndpoint).Port};Username=x;Password=x;Database=x;Timeout=60");
        var asking = ReasonsAsync(await StartAsync(source));
        using var taken = await silent.AcceptTcpClientAsync();
        _time.Advance(TimeSpan.FromSeconds(3) - Instant);
        await Task.Delay(100);
        Assert.False(asking.IsCompleted);
        _time.Advance(Instant);
        Assert.Equal([Unreachable], await asking);
    }

    [Fact]
    public async Task A_schema_that_is_not_up_to_date_is_the_reason_until_it_is()
    {
        await using var empty = await TestDatabase.CreateAsync();
        using var migrations = Migrations(empty);
        var readiness = Create(empty.DataSource, migrations);
        Assert.Equal(["the database schema is being brought up to date"], await ReasonsAsync(readiness));
        await migrations.StartAsync(default);
        await migrations.Ready;
        Assert.Empty(await ReasonsAsync(readiness));
    }

    [Fact]
    public async Task Without_a_fleet_in_force_there_is_nothing_to_watch()
    {
        _fleet.Setup(fleet => fleet.CurrentAsync(It.IsAny<CancellationToken>())).ReturnsAsync((FleetVersion?)null);
        Assert.Equal(["no fleet is in force"], await ReasonsAsync(await StartAsync()));
    }

    [Fact]
    public async Task A_fleet_that_cannot_be_read_means_that_the_database_does_not_answer_and_says_no_more()
    {
        _fleet.Setup(fleet => fleet.CurrentAsync(It.IsAny<CancellationToken>())).Throws(new NpgsqlException("password of the database"));
        Assert.Equal([Unreachable], await ReasonsAsync(await StartAsync()));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task The_last_complete_sweep_may_be_15_minutes_old_and_not_a_moment_more(int over, bool late)
    {
        var readiness = await StartAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await SweptAsync(ago: Window + over * Instant);
        Assert.Equal(late ? [NoSweep] : [], await ReasonsAsync(readiness));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    public async Task A_process_that_has_just_started_has_15_minutes_for_its_first_sweep(int over, bool late)
    {
        await SweptAsync(ago: TimeSpan.FromDays(1));
        var readiness = await StartAsync();
        _time.Advance(Window + over * Instant);
        Assert.Equal(late ? [NoSweep] : [], await ReasonsAsync(readiness));
    }

    [Fact]
    public async Task A_sweep_that_left_something_unseen_does_not_count()
    {
        var readiness = await StartAsync();
        _time.Advance(TimeSpan.FromHours(1));
        await SweptAsync(ago: TimeSpan.Zero, complete: false);
        Assert.Equal([NoSweep], await ReasonsAsync(readiness));
        await SweptAsync(ago: TimeSpan.FromMinutes(1));
        Assert.Empty(await ReasonsAsync(readiness));
    }

    [Fact]
    public async Task A_caller_who_went_away_gets_no_reason_but_his_own()
    {
        var readiness = await StartAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => readiness.ReasonsAgainstAsync(new CancellationToken(canceled: true)));
    }

    /// <summary>A process whose migrations are done.</summary>
    private async Task<Readiness> StartAsync(NpgsqlDataSource? database = null)
    {
        using var migrations = Migrations(_database);
        await migrations.StartAsync(default);
        await migrations.Ready;
        return Create(database ?? _database.DataSource, migrations);
    }

    private MigrationService Migrations(TestDatabase database) =>
        new(new(database.DataSource, new(database.ConnectionString)), _time, NullLogger<MigrationService>.Instance);

    private Readiness Create(NpgsqlDataSource database, MigrationService migrations) => new(database, migrations, _fleet.Object, new SweepStore(database), _time);

    private static Task<IReadOnlyList<string>> ReasonsAsync(Readiness readiness) => readiness.ReasonsAgainstAsync(default);

    private async Task SweptAsync(TimeSpan ago, bool complete = true)
    {
        await using var command = _database.DataSource.CreateCommand(
            "INSERT INTO whatsops.sweeps (id, started_at, finished_at, complete, status, report) VALUES (gen_random_uuid(), $1, $1, $2, 'healthy', '{}')");
        command.Parameters.Add(new() { Value = _time.GetUtcNow() - ago });
        command.Parameters.Add(new() { Value = complete });
        await command.ExecuteNonQueryAsync();
    }
}
