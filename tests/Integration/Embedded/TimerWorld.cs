using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Embedded.Timers;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Embedded;

/// <summary>Hosts with timers, on a clock of the test and a database of their own.</summary>
public abstract class TimerWorld : IAsyncLifetime
{
    private protected static readonly DateTimeOffset Start = new(2026, 3, 10, 12, 0, 30, TimeSpan.Zero);

    private protected FakeTimeProvider Time { get; } = new(Start);

    private protected TimerJournal Journal { get; } = new();

    private protected TestDatabase Database { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync();

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private protected static Task<HttpResponseMessage> InvokeAsync(TestFunctionHost host, string name, string key) =>
        host.SendAsync(HttpMethod.Post, $"admin/functions/{name}", key, new StringContent("{}", null, "application/json"));

    private protected Task<TestFunctionHost> HostAsync(Type functions, Action<IServiceCollection>? services = null, params string[] settings) =>
        TestFunctionHost.StartAsync(
            [functions],
            collection =>
            {
                collection.AddSingleton<TimeProvider>(Time);
                collection.AddSingleton(Journal);
                services?.Invoke(collection);
            },
            [$"--EmbeddedHost:Database={Database.ConnectionString}", .. settings]);

    /// <summary>The timer's row, waited for because the host registers it in the background.</summary>
    private protected async Task<TimerState> RowAsync(string name)
    {
        var store = new TimerStore(Database.DataSource);
        await store.EnsureTableAsync(CancellationToken.None);
        await Eventually(async () => await ScalarAsync($"SELECT count(*) FROM durable.timers WHERE name = '{name}'") is 1L);
        return await store.ReadAsync(name, CancellationToken.None);
    }

    private protected async Task<object?> ScalarAsync(string sql)
    {
        await using var command = Database.DataSource.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private protected static async Task Eventually(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }
}
