using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using WhatsOps.Embedded.Durable;

namespace WhatsOps.Tests.Integration.Durable;

/// <summary>An engine with its client. Engines of one owner follow each other at once, as the same process would after a crash.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private TestEngine(DurableEngine engine)
    {
        Engine = engine;
        Client = new PostgresDurableTaskClient(engine);
    }

    public DurableEngine Engine { get; }

    public DurableTaskClient Client { get; }

    public static async Task<TestEngine> StartAsync(
        string connectionString, TestFunctions functions, IFaultPoints? faults = null, string owner = "test",
        TimeSpan? lease = null, int maxActivities = 20, ILoggerFactory? loggers = null, TimeProvider? time = null)
    {
        var engine = new DurableEngine(
            new DurableEngineOptions
            {
                ConnectionString = connectionString,
                OwnerId = owner,
                LeaseDuration = lease ?? TimeSpan.FromSeconds(10),
                MaxConcurrentActivities = maxActivities,
                PollInterval = TimeSpan.FromSeconds(1),
            },
            functions, time ?? TimeProvider.System, loggers ?? NullLoggerFactory.Instance, faults);
        await engine.StartAsync(CancellationToken.None);
        return new TestEngine(engine);
    }

    public async Task<TestEngine> UntilOwnerAsync()
    {
        await Until.TrueAsync(() => Engine.Session is not null);
        return this;
    }

    public async ValueTask DisposeAsync() => await Engine.DisposeAsync();
}
