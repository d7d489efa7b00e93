using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Alerts;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Backups of a real database into a real Azurite, in a container of their own.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    public const string System = "revalya";

    private readonly ServiceProvider services;
    private readonly string keyFile;

    private BackupWorld(TestDatabase operations, TestDatabase product, string blobs)
    {
        (Operations, Product) = (operations, product);
        keyFile = Path.Combine(Path.GetTempPath(), $"whatsops-backup-{Guid.NewGuid():N}.key");
        File.WriteAllText(keyFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(keyFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        Fleet = new FixedFleet(new FleetDocument
        {
            Systems = [new() { Name = System, Kind = "evolution", Backup = new() { Databases = [new() { Name = "product", ConnectionString = product.ConnectionString }] } }],
        });
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["BlobStorage"] = blobs, ["BlobContainer"] = $"b{Guid.NewGuid():N}", ["DataKeyFile"] = keyFile, ["OperationsDatabase"] = operations.ConnectionString,
        }).Build();
        services = new ServiceCollection()
            .AddSingleton<IConfiguration>(settings).AddSingleton(TimeProvider.System).AddLogging().AddFleet()
            .AddSingleton<IFleet>(Fleet).AddSingleton(operations.DataSource).AddSingleton(new OperationsDatabaseOptions(operations.ConnectionString))
            .AddBlobs(settings).AddFindings().AddRoutines().AddAlerts().AddBackups()
            .BuildServiceProvider();
    }

    public TestDatabase Operations { get; }

    public TestDatabase Product { get; }

    public FixedFleet Fleet { get; }

    public BackupOptions Options
    {
        get => Fleet.Document.Systems[0].Backup!;
        set => Fleet.Document = Fleet.Document with { Systems = [Fleet.Document.Systems[0] with { Backup = value }] };
    }

    public static async Task<BackupWorld> CreateAsync() =>
        new(await Databases.OperationsAsync(), await TestDatabase.CreateAsync(), (await TestServers.AzuriteAsync()).ConnectionString);

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>What the orchestration does, one attempt at each part.</summary>
    public async Task<BackupSet> MakeAsync()
    {
        var set = await Get<BackupDesk>().RequestAsync(System, null, default);
        var maker = Get<BackupMaker>();
        var plan = await maker.BeginAsync(set.Id, default);
        foreach (var part in plan.Parts)
            if (plan.Problem is null && await maker.MakePartAsync(set.Id, part, default) is { Problem: not null } failed) plan = failed;
        await maker.EndAsync(set.Id, plan.Problem, default);
        return (await Get<BackupCatalogue>().FindAsync(set.Id, default))!;
    }

    public Task<RestoreTestReport> TestAsync(BackupSet set) => Get<RestoreTest>().RunAsync(set, Options, default);

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Product.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<IReadOnlyList<string>> OpenFindingsAsync() =>
        [.. (await Get<IFindings>().ListAsync(new(System), default)).Select(finding => finding.Kind)];

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await Product.DisposeAsync();
        await Operations.DisposeAsync();
        File.Delete(keyFile);
    }
}
