using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Runbooks;

namespace WhatsOps.Tests.Integration.Faults;

/// <summary>
/// A migration between two gateways dies at every moment of every step, compensations included. It always ends moved or fully taken back, never with both
/// gateways delivering, and never without a working instance. Forward by default where the worst is half done (acted, and no row knows); WHATSOPS_FAULTS=full
/// at all three moments.
/// </summary>
public sealed class MigrateCrashMatrixTests(ITestOutputHelper output)
{
    private static readonly FaultPoint[] Moments = Environment.GetEnvironmentVariable("WHATSOPS_FAULTS") == "full" ? Enum.GetValues<FaultPoint>() : [FaultPoint.Acted];

    private static readonly IReadOnlyList<CrashPoint> Points = CrashPoint.Of(MigrateRig.Runbook);

    [Fact]
    public async Task Dying_anywhere_on_the_way_forward_ends_moved()
    {
        var forward = Points.Where(point => point.Phase != Phase.Compensate && Moments.Contains(point.Point)).ToList();
        Assert.Equal((MigrateRig.Runbook.Steps.Count + 3) * Moments.Length, forward.Count);
        await using var rig = await MigrateRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        using var over = new CancellationTokenSource();
        var person = rig.PutKeysAsync(over.Token);
        // Where a person has a key to change, there the row has one.
        var ended = await ResumeAsync(rig, forward, point => point.Path == MigrateRig.PutKey ? MigrateRig.OldKey : null, []);
        await over.CancelAsync();
        await person;
        for (var i = 0; i < ended.Count; i++)
        {
            Assert.True(ended[i].State == RunState.Completed, $"{forward[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            await rig.AssertMovedAsync($"t{i}");
        }

        output.WriteLine($"{forward.Count} crash points forward, 0 violations");
    }

    [Capability("R-088")]
    [Fact]
    public async Task Dying_anywhere_on_the_way_back_ends_fully_taken_back()
    {
        var back = Points.Where(point => point.Phase == Phase.Compensate).ToList();
        Assert.Equal(12, back.Count);
        await using var rig = await MigrateRig.CreateAsync(scanAfter: TimeSpan.FromMilliseconds(50));
        await rig.FailProofAsync();
        var before = new List<(string? Rows, InstanceView Old)>();
        var ended = await ResumeAsync(rig, back, _ => null, before);
        for (var i = 0; i < ended.Count; i++)
        {
            Assert.True(ended[i] is { State: RunState.Compensated, FailedStep: "prove" }, $"{back[i]}: {ended[i].State} at {ended[i].FailedStep}: {ended[i].Failure}");
            await rig.AssertTakenBackAsync($"t{i}", before[i].Rows, before[i].Old);
            Assert.Single(MigrateRig.Acts(rig.New, $"t{i}"), act => act.StartsWith("POST /instance/create", StringComparison.Ordinal));
        }

        output.WriteLine($"{back.Count} crash points back, 0 violations");
    }

    private static Task<IReadOnlyList<Run>> ResumeAsync(MigrateRig rig, IReadOnlyList<CrashPoint> points, Func<CrashPoint, string?> key, List<(string?, InstanceView)> before) =>
        DeadRuns.ResumeAsync(
            rig.Runs, MigrateRig.Runbook, points,
            async index =>
            {
                await rig.SeedAsync($"t{index}", key(points[index]));
                before.Add((await rig.RowsAsync($"t{index}"), rig.OnOld($"t{index}")!));
                return await rig.OpenAsync($"t{index}");
            },
            () =>
            {
                // Whatever the moment: one gateway delivers at most, and one instance is open.
                for (var i = 0; i < points.Count; i++)
                {
                    var (old, target) = (rig.OnOld($"t{i}"), rig.OnNew($"t{i}"));
                    Assert.False(old is { WebhookEnabled: true } && target is { WebhookEnabled: true }, $"{points[i]}: both deliver");
                    Assert.True(old?.State == "open" || target?.State == "open", $"{points[i]}: nothing is open");
                }
            });
}
