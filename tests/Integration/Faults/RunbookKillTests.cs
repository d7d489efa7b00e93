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

    private async Task KillAsync(IEnumerable<CrashPoint> points, Func<ResetRig, string, string?, Run, CrashPoint, Task> check, Fault? fault = null)
    {
        await using var rig = await ResetRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        if (fault is not null) rig.Gateway.SetFault(fault);
        using var host = new RunbookHost(rig);
        var runs = new List<(string Slug, string? Before, CrashPoint Point, Guid Id)>();
        // Backwards: a run that resumes in the next process is past the point where that one shall die.
        foreach (var point in points.Reverse())
        {
            var slug = $"t{runs.Count}";
            await rig.SeedAsync(slug, "open");
            var before = await rig.RowsAsync(slug);
            await host.StartAsync(point.Name);
            runs.Add((slug, before, point, await host.ResetAsync(slug)));
            await Until.TrueAsync(() => Task.FromResult(host.Process.HasExited), 60, () => $"the host to die at {point}");
        }

        await host.StartAsync();
        await Until.TrueAsync(async () => (await rig.Runs.Runs.ListAsync(new(OpenOnly: true), default)).Count == 0, 90, () => "all runs to end");
        foreach (var (slug, before, point, id) in runs) await check(rig, slug, before, (await rig.Runs.Runs.FindAsync(id, default))!, point);
        output.WriteLine($"{runs.Count} kills of the host, 0 violations");
    }
}
