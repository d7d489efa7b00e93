using System.Formats.Tar;
using System.IO.Compression;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Moq;
using WhatsOps.Blobs;
using WhatsOps.Checklists;
using WhatsOps.Containers;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Incidents;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;
using WhatsOps.Watch;

namespace WhatsOps.Tests.Integration.Incidents;

/// <summary>A watched system, a real operations database and a real Azurite.</summary>
internal sealed class EvidenceWorld : IAsyncDisposable
{
    public const string System = "shop";
    private readonly ServiceProvider services;

    private EvidenceWorld(TestDatabase operations, string storage)
    {
        Operations = operations;
        Fleet = new(new FleetDocument { Systems = [new() { Name = System, Kind = "agent" }] });
        var operators = new Mock<IOperators>();
        operators.Setup(one => one.RequireAsync(It.IsAny<HttpRequest>(), OperatorRole.Operator, It.IsAny<CancellationToken>())).ReturnsAsync(Otto);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["BlobStorage"] = storage, ["BlobContainer"] = $"c{Guid.NewGuid():N}" }).Build();
        services = new ServiceCollection()
            .AddSingleton(operations.DataSource).AddSingleton<TimeProvider>(Time).AddSingleton<IFleet>(Fleet).AddSingleton(operators.Object)
            .AddBlobs(settings).AddLogging().AddHttpClient().AddContainers().AddFindings().AddWatch()
            .AddSingleton<RunStore>().AddSingleton<TaskStore>().AddSingleton<IAuditTrail, AuditTrail>().AddIncidents()
            .BuildServiceProvider();
    }

    public static Operator Otto { get; } = new() { Name = "otto", Role = OperatorRole.Operator, KeyHash = "" };

    public TestDatabase Operations { get; }

    public FixedFleet Fleet { get; }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.UtcNow);

    public IServiceProvider Services => services;

    public IBlobStore Blobs => Get<IBlobStore>();

    /// <param name="storage">Null: Azurite.</param>
    public static async Task<EvidenceWorld> StartAsync(string? storage = null) => new(await Databases.OperationsAsync(), storage ?? (await TestServers.AzuriteAsync()).ConnectionString);

    public T Get<T>() where T : notnull => services.GetRequiredService<T>();

    public void Watch(WatchOptions watch) => Fleet.Document = Fleet.Document with { Systems = [Fleet.Document.Systems[0] with { Watch = watch }] };

    public Task<EvidenceManifest> CollectAsync(string? reason = null, TimeSpan? back = null) =>
        Get<EvidenceDesk>().CollectAsync(Fleet.Document.Systems[0], Otto, Time.GetUtcNow() - (back ?? TimeSpan.FromHours(2)), reason, CancellationToken.None);

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Operations.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Operations.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The files of the archive, by name.</summary>
    public async Task<IReadOnlyDictionary<string, byte[]>> FilesAsync(EvidenceManifest manifest)
    {
        var files = new Dictionary<string, byte[]>();
        await using var tar = new TarReader(new GZipStream((await Blobs.FindAsync(manifest.Path, default))!.ToStream(), CompressionMode.Decompress));
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            using var data = new MemoryStream();
            if (entry.DataStream is { } stream) await stream.CopyToAsync(data);
            files.Add(entry.Name, data.ToArray());
        }

        return files;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Operations.DisposeAsync();
    }
}
