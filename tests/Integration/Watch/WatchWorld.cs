using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Containers;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Integration.Alerts;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Watch;

/// <summary>A system with targets to look at, a real operations database, and a clock that moves when told.</summary>
internal sealed class WatchWorld : IAsyncDisposable
{
    public const string System = "shop";
    private readonly TestDatabase operations;
    private readonly ServiceProvider services;

    private WatchWorld(TestDatabase operations, WatchOptions watch, string kind)
    {
        this.operations = operations;
        Fleet = new FleetSystem { Name = System, Kind = kind, Watch = watch };
        var fleet = new Mock<IFleet>();
        fleet.Setup(f => f.CurrentAsync(It.IsAny<CancellationToken>())).Returns(() => new ValueTask<FleetVersion?>(new FleetVersion(1, new FleetDocument { Systems = [Fleet, .. Others] }, Time.GetUtcNow(), "ana")));
        fleet.Setup(f => f.Resolve(It.IsAny<string>())).Returns((string text) => Settings.Aggregate(text, (resolved, one) => resolved.Replace($"${{env:{one.Key}}}", one.Value, StringComparison.Ordinal)) is var result && result.Contains("${", StringComparison.Ordinal) ? throw new MissingSecretException(text) : result);
        services = new ServiceCollection()
            .AddSingleton(operations.DataSource).AddSingleton<TimeProvider>(Time).AddSingleton(fleet.Object)
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(new ListLogger(Logged)))
            .AddSingleton<ProductDatabases>().AddHttpClient().AddContainers().AddFindings().AddWatch()
            .BuildServiceProvider();
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public List<string> Logged { get; } = [];

    public FleetSystem Fleet { get; set; }

    public List<FleetSystem> Others { get; } = [];

    /// <summary>Values behind <c>${env:NAME}</c>.</summary>
    public Dictionary<string, string> Settings { get; } = [];

    public TestDatabase Operations => operations;

    public static async Task<WatchWorld> StartAsync(WatchOptions watch, string kind = "bot") => new(await Databases.OperationsAsync(), watch, kind);

    public IServiceProvider Services => services;

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public IEnumerable<T> GetAll<T>() => services.GetServices<T>();

    /// <summary>Lets time pass, then a tick of the clock.</summary>
    public async Task<int> TickAsync(TimeSpan? after = null)
    {
        Time.Advance(after ?? TimeSpan.FromMinutes(1));
        return await Get<Watcher>().RunAsync(null, isDue: true, CancellationToken.None);
    }

    /// <summary>The same where somebody never answers: time passes until the tick has run out of patience. The usual 15 s take 1.2 s, which those who live have to answer.</summary>
    /// <param name="step">For every 20 ms of real time; null: 250 ms.</param>
    public async Task TickPastPatienceAsync(TimeSpan? step = null)
    {
        var tick = TickAsync();
        while (!tick.IsCompleted)
        {
            await Task.Delay(20);
            Time.Advance(step ?? TimeSpan.FromMilliseconds(250));
        }

        await tick;
    }

    public async Task<IReadOnlyList<string>> OpenAsync() =>
        [.. (await FindingsAsync()).Select(finding => $"{finding.Kind} {finding.Subject}").Order(StringComparer.Ordinal)];

    public Task<IReadOnlyList<Finding>> FindingsAsync() => Get<IFindings>().ListAsync(new FindingQuery(Limit: 1000), CancellationToken.None);

    /// <summary>The newest value of a series; null: there is none.</summary>
    public async Task<double?> ValueAsync(string target, string metric, string subject = "") =>
        (await Get<WatchBoard>().SeriesAsync(System, target, CancellationToken.None)).Where(series => series.Metric == metric && series.Subject == subject).Select(series => (double?)series.Value).SingleOrDefault();

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await operations.DisposeAsync();
    }
}
