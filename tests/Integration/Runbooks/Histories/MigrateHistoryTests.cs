using WhatsOps.Runbooks;

namespace WhatsOps.Tests.Integration.Runbooks.Histories;

/// <summary>The ways of <see cref="RecordedHistoryTests"/> through a migration, which needs two gateways; recorded by the same command.</summary>
public sealed class MigrateHistoryTests
{
    private static readonly string? Release = Environment.GetEnvironmentVariable("WHATSOPS_RECORD_HISTORIES") is { Length: > 0 } name ? name : null;

    public static TheoryData<string> Scenarios => Release is null ? ["back"] : ["forward", "with a key", "back"];

    [Theory, MemberData(nameof(Scenarios))]
    public async Task A_run_of_today_replays_and_is_recorded_on_request(string name)
    {
        await using var rig = await MigrateRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        await rig.SeedAsync("acme", name == "with a key" ? MigrateRig.OldKey : null);
        if (name == "back") await rig.FailProofAsync();
        using var over = new CancellationTokenSource();
        var person = rig.PutKeysAsync(over.Token);
        await using var engine = await rig.Runs.StartEngineAsync(MigrateRig.Runbook, rig.Runs.Services);
        var run = await rig.OpenAsync("acme");
        await rig.Runs.Get<RunMotors>().StartAsync(engine.Client, run, default);
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await engine.Client.WaitForInstanceCompletionAsync(run.Orchestration, false, limit.Token);
        await over.CancelAsync();
        await person;
        var history = await RecordedHistory.ReadAsync(rig.Runs.Database.DataSource, MigrateRig.Runbook, name, run.Orchestration);

        Assert.Equal(name == "back" ? "compensated" : "completed", history.Outcome);
        Assert.Empty(await HistoryReplay.DifferencesAsync([history], _ => MigrateRig.Runbook));
        if (Release is not null) history.Save(Release);
    }
}
