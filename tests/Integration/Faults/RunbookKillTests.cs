using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// kill -9 of the real host process by itself at the moments of the reset, compensations included. WHATSOPS_FAULTS=full dies at every one,
/// otherwise at the few where the worst is half done.
/// </summary>
public sealed class RunbookKillTests(ITestOutputHelper output)
{
    private static readonly bool Full = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full";
    private static readonly string[] Worst = ["delete-instance:acted", "create-instance:acted", "delete-rows/compensate:acted"];
    private static readonly List<CrashPoint> Points = [.. CrashPoint.Of(new ResetIntegration()).Where(point => Full || Worst.Contains(point.Name))];

    [Fact]
    public Task Killed_on_the_way_forward_the_reset_completes() => KillAsync(
        Points.Where(point => point.Phase != Phase.Compensate),
        async (rig, slug, _, run, point) =>
        {
            Assert.True(run.State == RunState.Completed, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertRenewedAsync(slug);
        });

    [Fact]
    public Task Killed_on_the_way_back_the_reset_is_fully_taken_back() => KillAsync(
        Points.Where(point => point.Phase == Phase.Compensate),
        async (rig, slug, before, run, point) =>
        {
            Assert.True(run is { State: RunState.Compensated, FailedStep: "connect" }, $"{point}: {run.State} at {run.FailedStep}: {run.Failure}");
            await rig.AssertTakenBackAsync(slug, before);
        },
        new() { Kind = FaultKind.Status, Status = 400, Path = "/instance/connect/*" });

    [Fact]
    public async Task Two_hosts_share_one_database_and_the_one_that_is_left_finishes_everything_once()
    {
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        using var one = new RunbookHost(rig);
        using var two = new RunbookHost(rig, one);
        await one.StartAsync();
        await two.StartAsync();
        for (var i = 0; i < 6; i++)
        {
            await rig.SeedAsync($"t{i}", "open");
            var ask = new { system = "revalya", tenant = $"t{i}", reason = "a test" };
            // Asked at both doors in the same moment, the instance still gets one run.
            var answers = await Task.WhenAll(new[] { one, two }.Select(host => host.SendAsync(host.Ana, HttpMethod.Post, "/api/runbooks/reset-integration", ask)));
            Assert.Equal([202, 409], answers.Select(answer => answer.Status).Order());
            var run = answers.Single(answer => answer.Status == 202).Body!;
            var (approved, _) = await (i % 2 == 0 ? one : two).SendAsync(one.Bia, HttpMethod.Post, $"/api/runbooks/{run["id"]}/approve", new { planHash = run["planHash"]!.GetValue<string>() });
            Assert.Equal(200, approved);
        }

        one.Process.Kill();

        await Until.TrueAsync(async () => (await rig.Runs.Runs.ListAsync(new(OpenOnly: true), default)).Count == 0, 90, () => "all runs to end");
        Assert.All(await rig.Runs.Runs.ListAsync(new(), default), run => Assert.True(run.State == RunState.Completed, $"{run.State} at {run.FailedStep}: {run.Failure}"));
        for (var i = 0; i < 6; i++) await rig.AssertRenewedAsync($"t{i}");
        Assert.Equal(0L, await rig.Runs.ScalarAsync<long>("SELECT count(*) FROM whatsops.run_locks"));
    }

    private async Task KillAsync(IEnumerable<CrashPoint> points, Func<ResetRig, string, string?, Run, CrashPoint, Task> check, Fault? fault = null)
    {
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        if (fault is not null) rig.Gateway.SetFault(fault);
        using var host = new RunbookHost(rig);
        var runs = new List<(string Slug, string? Before, CrashPoint Point, Guid Id)>();
        foreach (var point in points)
        {
            var slug = $"t{runs.Count}";
            await rig.SeedAsync(slug, "open");
            var before = await rig.RowsAsync(slug);
            await host.StartAsync(point.Name);
            runs.Add((slug, before, point, await host.ResetAsync(slug)));
            await Until.TrueAsync(() => Task.FromResult(host.Process.HasExited), 60, () => $"the host to die at {point}");
            // To its end in a process without crash point: resumed beside the next victim it would be the one to die there, its end included,
            // which comes after the row of the run is closed.
            await host.StartAsync();
            await Until.TrueAsync(async () => await OpenAsync(rig) == 0, 90, () => $"the run that died at {point} to end");
        }

        foreach (var (slug, before, point, id) in runs) await check(rig, slug, before, (await rig.Runs.Runs.FindAsync(id, default))!, point);
        output.WriteLine($"{runs.Count} kills of the host, 0 violations");
    }

    private static async Task<long> OpenAsync(ResetRig rig) =>
        (await rig.Runs.Runs.ListAsync(new(OpenOnly: true), default)).Count
        + await rig.Runs.ScalarAsync<long>($"SELECT count(*) FROM durable.instances WHERE name = '{new ResetIntegration().Orchestrator}' AND status IN ('Pending', 'Running', 'Suspended')");
}
