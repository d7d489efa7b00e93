using WhatsOps.Backups;
using WhatsOps.Fleet;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Backups;
using WhatsOps.Tests.Shared;

namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>The ways of <see cref="RecordedHistoryTests"/> through the restores, which need backup sets and containers; recorded by the same command.</summary>
public sealed class RestoreHistoryTests
{
    private const string Back = "services, back";
    private static readonly string? Release = Environment.GetEnvironmentVariable("WHATSOPS_RECORD_HISTORIES") is { Length: > 0 } name ? name : null;

    public static TheoryData<string, string> Scenarios()
    {
        var scenarios = new TheoryData<string, string>();
        foreach (var runbook in (string[])[RestoreDatabase.RunbookName, RestorePart.RunbookName])
            foreach (var way in Release is null ? [Back] : (string[])["people", "services", Back]) scenarios.Add(runbook, way);
        return scenarios;
    }

    [Theory, MemberData(nameof(Scenarios))]
    public async Task A_run_of_today_replays_and_is_recorded_on_request(string name, string way)
    {
        Runbook runbook = name == RestorePart.RunbookName ? new RestorePart() : new RestoreDatabase();
        await using var gateway = await EvolutionSimulator.StartAsync(new() { Version = "2.3.6" });
        gateway.Seed(new InstanceSeed { Name = "a" });
        await using var world = await BackupWorld.CreateAsync();
        await world.ExecuteAsync("CREATE TABLE t (i int)");
        var containers = await TestServers.ContainersAsync();
        var product = new ContainerReference { Container = $"history-{Guid.NewGuid():N}", Engine = containers.Engine };
        await containers.CreateAsync(product.Container, "busybox mkdir -p /app; echo one > /app/.env", default);
        world.Options = world.Options with { Services = way == "people" ? [] : [product], Files = [new() { Name = "config", From = product, Paths = ["/app/.env"] }] };
        world.Runs.Fleet.Document = world.Runs.Fleet.Document with
        {
            Systems = [world.Runs.Fleet.Document.Systems[0] with { Gateways = [new() { Name = "evo-1", Url = gateway.Url, ApiKey = gateway.ApiKey }] }],
        };
        await world.MakeAsync();
        await using var engine = await world.Runs.StartEngineAsync(runbook, world.Runs.Services);
        var run = await world.OpenAsync(runbook, ("part", name == RestorePart.RunbookName ? "config" : "product"));
        if (way == Back) gateway.SetFault(new() { Kind = FaultKind.Status, Status = 500, Path = "/instance/fetchInstances" });
        await world.Get<RunMotors>().StartAsync(engine.Client, run, default);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await world.HelpedAsync(() => engine.Client.WaitForInstanceCompletionAsync(run.Orchestration, false, limit.Token));
        var history = await RecordedHistory.ReadAsync(world.Operations.DataSource, runbook, way, run.Orchestration);

        Assert.Equal(way == Back ? "compensated" : "completed", history.Outcome);
        Assert.Empty(await HistoryReplay.DifferencesAsync([history], _ => runbook));
        if (Release is not null) history.Save(Release);
    }
}
