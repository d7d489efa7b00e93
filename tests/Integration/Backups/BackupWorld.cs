using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Alerts;
using WhatsOps.Backups;
using WhatsOps.Blobs;
using WhatsOps.Containers;
using WhatsOps.Database;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Routines;
using WhatsOps.Runbooks;
using WhatsOps.Tests.Integration.Runbooks;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Backups;

/// <summary>Backups of a real database into a real Azurite, in a container of their own, and the runbooks that restore them.</summary>
internal sealed class BackupWorld : IAsyncDisposable
{
    public const string System = "revalya";

    private BackupWorld(RunbookRig runs, TestDatabase product, string container) => (Runs, Product, Container) = (runs, product, container);

    public RunbookRig Runs { get; }

    public TestDatabase Operations => Runs.Database;

    public TestDatabase Product { get; }

    /// <summary>Its container of blobs.</summary>
    public string Container { get; }

    public BackupOptions Options
    {
        get => Runs.Fleet.Document.Systems[0].Backup!;
        set => Runs.Fleet.Document = Runs.Fleet.Document with { Systems = [Runs.Fleet.Document.Systems[0] with { Backup = value }] };
    }

    /// <param name="container">Blobs of another world, for one that has lost everything else; null makes a container.</param>
    /// <param name="product">The database; null makes an empty one.</param>
    /// <param name="blobs">The storage; null takes the shared one.</param>
    public static async Task<BackupWorld> CreateAsync(string? container = null, TestDatabase? product = null, string? blobs = null)
    {
        product ??= await TestDatabase.CreateAsync();
        var operations = await Databases.OperationsAsync();
        container ??= $"b{Guid.NewGuid():N}";
        var system = new FleetSystem { Name = System, Kind = "evolution", Backup = new() { Databases = [new() { Name = "product", ConnectionString = product.ConnectionString }] } };
        blobs ??= (await TestServers.AzuriteAsync()).ConnectionString;
        return new(await RunbookRig.CreateAsync(RunbookRig.Document(system), 0.02, services => Add(services, operations.ConnectionString, blobs, container), operations), product, container);
    }

    /// <summary>What backups need beside the runbooks.</summary>
    public static void Add(IServiceCollection services, string operations, string blobs, string container)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["BlobStorage"] = blobs, ["BlobContainer"] = container }).Build();
        services.AddBlobs(settings).AddSingleton(new OperationsDatabaseOptions(operations)).AddContainers().AddRoutines().AddAlerts().AddBackups();
    }

    public T Get<T>()
        where T : notnull => Runs.Get<T>();

    /// <summary>What the orchestration does, one attempt at each part.</summary>
    public async Task<BackupSet> MakeAsync(string system = System) => await MakeAsync(await Get<BackupDesk>().RequestAsync(system, null, default));

    public async Task<BackupSet> MakeAsync(BackupSet set)
    {
        var maker = Get<BackupMaker>();
        var plan = await maker.BeginAsync(set.Id, default);
        foreach (var part in plan.Parts)
            if (plan.Problem is null && await maker.MakePartAsync(set.Id, part, default) is { Problem: not null } failed) plan = failed;
        await maker.EndAsync(set.Id, plan.Problem, default);
        return (await Get<BackupCatalogue>().FindAsync(set.Id, default))!;
    }

    /// <summary>One more system, with a database of its own.</summary>
    public void AddSystem(string name, TestDatabase database) => AddSystem(name, new BackupOptions { Databases = [new() { Name = "product", ConnectionString = database.ConnectionString }] });

    public void AddSystem(string name, BackupOptions backup) =>
        Runs.Fleet.Document = Runs.Fleet.Document with { Systems = [.. Runs.Fleet.Document.Systems, new() { Name = name, Kind = "evolution", Backup = backup }] };

    public Task<RestoreTestReport> TestAsync(BackupSet set) => Get<RestoreTest>().RunAsync(set, Options, default);

    /// <summary>An approved run about the system.</summary>
    public async Task<Run> OpenAsync(Runbook runbook, params (string Name, string Value)[] parameters) => await OpenAsync(runbook, System, parameters);

    public async Task<Run> OpenAsync(Runbook runbook, string system, params (string Name, string Value)[] parameters) =>
        await Runs.OpenAsync(runbook, RunParameters.Read(runbook, await Get<TargetResolver>().ResolveSystemAsync(system, default), parameters.ToDictionary(one => one.Name, one => one.Value)));

    /// <summary>The run as it ended; meanwhile backups that are asked for are made, and people answer.</summary>
    public async Task<Run> RestoreAsync(Runbook runbook, params (string Name, string Value)[] parameters) => await DriveAsync(await OpenAsync(runbook, parameters), runbook);

    /// <param name="starts">Whether the product can be started again.</param>
    public async Task<Run> DriveAsync(Run run, Runbook runbook, bool starts = true)
    {
        await HelpedAsync(() => Runs.DriveAsync(run, runbook), starts);
        return (await Runs.Runs.FindAsync(run.Id, default))!;
    }

    /// <summary>Does the work while every backup that is asked for is made, and every step that asks somebody is answered.</summary>
    /// <param name="starts">Whether the product can be started again.</param>
    public async Task<T> HelpedAsync<T>(Func<Task<T>> work, bool starts = true)
    {
        using var over = new CancellationTokenSource();
        var help = HelpAsync(starts, over.Token);
        try
        {
            return await work();
        }
        finally
        {
            await over.CancelAsync();
            await help;
        }
    }

    public async Task ExecuteAsync(string sql) => await ExecuteAsync(Product, sql);

    public static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        // A restore ends every connection to the database it replaces, those of a pool, too.
        Product.DataSource.Clear();
        await using var command = Product.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<string>> OpenFindingsAsync() =>
        [.. (await Get<IFindings>().ListAsync(new(System), default)).Select(finding => finding.Kind)];

    public async ValueTask DisposeAsync()
    {
        await Product.DisposeAsync();
        await Runs.DisposeAsync();
    }

    private async Task HelpAsync(bool starts, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            foreach (var set in await Get<BackupCatalogue>().ListAsync(null, BackupState.Running, 100, default)) await MakeAsync(set);
            foreach (var run in await Runs.Runs.ListAsync(new(OpenOnly: true), default))
                foreach (var step in await Runs.Runs.StepsAsync(run.Id, default))
                    if (step is { Phase: Phase.Probe, Status: StepStatus.Waiting, Answer: null } && step.Step.EndsWith("-by-hand", StringComparison.Ordinal)) await ConfirmAsync(run, step.Step, starts || !step.Step.EndsWith("start-by-hand", StringComparison.Ordinal));
            await Task.Delay(20, CancellationToken.None);
        }
    }

    private async Task ConfirmAsync(Run run, string step, bool yes)
    {
        try
        {
            await Runs.Desk.ConfirmAsync(Runs.Client.Object, run.Id, step, yes, RunbookRig.Ana, default);
        }
        catch (ProblemException)
        {
            // It has moved on meanwhile.
        }
    }
}
