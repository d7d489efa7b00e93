using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Fleet;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Fleet;

/// <summary>The fleet's services on a migrated database, with settings and a clock of the test's own.</summary>
public sealed class FleetFixture : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly string _keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-key-{Guid.NewGuid():N}");

    private FleetFixture(TestDatabase database, Dictionary<string, string?> settings)
    {
        Database = database;
        File.WriteAllText(_keyFile, Convert.ToBase64String(Enumerable.Range(0, 32).Select(value => (byte)value).ToArray()));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(_keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        settings["DataKeyFile"] = _keyFile;
        Settings = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        _provider = Configure(Settings).BuildServiceProvider();
    }

    public TestDatabase Database { get; }

    public IConfiguration Settings { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public static async Task<FleetFixture> CreateAsync(Dictionary<string, string?>? settings = null) =>
        new(await Databases.OperationsAsync(), settings ?? []);

    public T Get<T>() where T : notnull => _provider.GetRequiredService<T>();

    /// <summary>The services of a second process on the same database.</summary>
    public ServiceProvider OtherProcess() => Configure(Settings).BuildServiceProvider();

    public async ValueTask DisposeAsync()
    {
        await _provider.DisposeAsync();
        await Database.DisposeAsync();
        File.Delete(_keyFile);
    }

    internal Task<FleetVersion?> ApplyAsync(FleetDocument document) => Get<FleetStore>().AddAsync(
        document, JsonSerializer.Serialize(document, FleetJson.Options), "ana", "", onlyFirst: false, CancellationToken.None);

    private IServiceCollection Configure(IConfiguration settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton(settings)
        .AddSingleton(Database.DataSource)
        .AddSingleton<TimeProvider>(Time)
        .AddFleet();
}
