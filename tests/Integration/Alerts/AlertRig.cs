using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Alerts;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Alerts;

/// <summary>The alerts on a real database with a receiver, one or more processes of them, and a clock that moves when told. It begins at noon UTC.</summary>
internal sealed class AlertRig : IAsyncDisposable
{
    /// <summary>The route to <see cref="Slack"/>.</summary>
    public static readonly AlertRoute Night = new() { Name = "night", Kind = "slack", Url = "${env:SLACK}" };

    private readonly TestDatabase database;
    private readonly List<ServiceProvider> processes = [];
    private AlertSettings alerts = new() { Routes = [Night] };

    private AlertRig(TestDatabase database, SlackReceiver slack)
    {
        (this.database, Slack) = (database, slack);
        Fleet.Setup(f => f.Resolve(It.IsAny<string>())).Returns((string text) => text);
        Fleet.Setup(f => f.Resolve("${env:SLACK}")).Returns(slack.Url);
        Fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>())).Returns(() => new ValueTask<FleetVersion?>(new FleetVersion(1, Document(), Time.GetUtcNow(), "ana")));
        Findings = new FindingStore(database.DataSource, Time);
        Services = Process();
    }

    public FakeTimeProvider Time { get; } = new(new(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    public Mock<IFleet> Fleet { get; } = new();

    public List<string> Logged { get; } = [];

    public SlackReceiver Slack { get; }

    public FindingStore Findings { get; }

    public ServiceProvider Services { get; }

    /// <summary>Of the system, in UTC.</summary>
    public MaintenanceWindow? Window { get; set; }

    /// <summary>What the messages say has happened, without severity and system.</summary>
    public IEnumerable<string> Titles => Slack.Texts.Select(text => text.Split(" – ")[1].Split(" (")[0]);

    /// <summary>The fields of the newest message, by title.</summary>
    public IReadOnlyDictionary<string, string> LastFields => Slack.Bodies.Last().GetProperty("attachments")[0].GetProperty("fields").EnumerateArray()
        .ToDictionary(one => one.GetProperty("title").GetString()!, one => one.GetProperty("value").GetString()!);

    public static async Task<AlertRig> StartAsync() => new(await Databases.OperationsAsync(), await SlackReceiver.StartAsync());

    public void Apply(AlertSettings settings) => alerts = settings;

    public Task PassAsync(params ObservedFinding[] seen) => Findings.RecordAsync(new CheckRun("instances", "revalya", "g1", true, Tick(), 2), seen, CancellationToken.None);

    public DateTimeOffset Tick()
    {
        Time.Advance(TimeSpan.FromMilliseconds(1));
        return Time.GetUtcNow();
    }

    /// <summary>One attempt, the clock standing still.</summary>
    public async Task OnceAsync()
    {
        await Services.GetRequiredService<AlertPlanner>().PlanAsync(CancellationToken.None);
        await Services.GetRequiredService<AlertSender>().DrainAsync(TimeSpan.Zero, CancellationToken.None);
    }

    public async Task TellAsync(ServiceProvider? process = null)
    {
        await (process ?? Services).GetRequiredService<AlertPlanner>().PlanAsync(CancellationToken.None);
        // The sender paces itself by the clock; the clock moves while it waits.
        var draining = (process ?? Services).GetRequiredService<AlertSender>().DrainAsync(TimeSpan.FromSeconds(5), CancellationToken.None);
        while (!draining.IsCompleted)
        {
            await Task.WhenAny(draining, Task.Delay(20));
            if (!draining.IsCompleted) Time.Advance(TimeSpan.FromMilliseconds(250));
        }

        await draining;
    }

    /// <summary>Another process on the same database.</summary>
    public ServiceProvider Process(IAttemptedRemedies? remedies = null)
    {
        var collection = new ServiceCollection()
            .AddSingleton(database.DataSource)
            .AddSingleton<TimeProvider>(Time)
            .AddSingleton(Fleet.Object)
            .AddSingleton(Mock.Of<IAuditTrail>())
            .AddFindings()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLogger(Logged)))
            .AddAlerts();
        if (remedies is not null) collection.AddSingleton(remedies);
        var process = collection.BuildServiceProvider();
        processes.Add(process);
        return process;
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return Convert.ToInt64(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in processes) await process.DisposeAsync();
        await Slack.DisposeAsync();
        await database.DisposeAsync();
    }

    private FleetDocument Document() => new()
    {
        Systems = [new() { Name = "revalya", Kind = "evolution", TimeZone = "UTC", MaintenanceWindows = Window is null ? [] : [Window] }, new() { Name = "other", Kind = "evolution" }],
        Alerts = alerts,
    };
}
