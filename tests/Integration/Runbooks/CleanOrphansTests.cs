using WhatsOps.Fleet;
using WhatsOps.Gateways;
using WhatsOps.Runbooks;
using WhatsOps.Simulator;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Runbooks;

public sealed class CleanOrphansTests
{
    private static readonly CleanOrphans Clean = new();

    [Theory, Capability("R-089")]
    [InlineData("2.3.6")]
    [InlineData("1.8.2")]
    public async Task What_was_nobody_s_for_the_quarantine_goes_and_nothing_else(string version)
    {
        await using var rig = await RigAsync(orphans: 3, version: version);
        rig.Gateway.Seed(new InstanceSeed { Name = "stranger-1" });
        await SeenAsync(rig, 7.01, "revalya-x0", "revalya-x1");
        // One that is a tenant's, although somebody once wrote it down as an orphan.
        await rig.Runs.ExecuteAsync("INSERT INTO whatsops.orphan_sightings VALUES ('revalya', 'evo-1', 'revalya-t0', now() - interval '9 days', now())");
        var run = await rig.OpenForGatewayAsync(Clean);
        Assert.Equal(("revalya-x0, revalya-x1", "2", "bia"), (run.Target.Facts!["instances"], run.Target.Facts["count"], run.ApprovedBy));

        run = await rig.EndAsync(run, Clean);

        Assert.Equal((RunState.Completed, null), (run.State, run.Failure));
        Assert.Equal(["revalya-t0", "revalya-t1", "revalya-t2", "revalya-x2", "stranger-1"], rig.Gateway.Instances.Select(instance => instance.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(await rig.Runs.Get<IOrphanStore>().ListAsync("revalya", "evo-1", default), orphan => orphan.Instance.StartsWith("revalya-x", StringComparison.Ordinal));
    }

    [Theory, Capability("R-089")]
    [InlineData(6.99, false)]
    [InlineData(7.01, true)]
    public async Task Seven_days_is_the_quarantine(double days, bool due)
    {
        await using var rig = await RigAsync(orphans: 1);
        await SeenAsync(rig, days, "revalya-x0");
        if (due) Assert.NotNull(await rig.OpenForGatewayAsync(Clean));
        else Assert.Equal(409, (await RefusedAsync(rig)).Status);
    }

    [Theory, Capability("R-089")]
    [InlineData(25, 25, 0)]
    [InlineData(26, 25, 1)]
    public async Task At_most_twenty_five_at_once_the_longest_known_first(int orphans, int planned, int more)
    {
        await using var rig = await RigAsync(orphans, tenants: 30);
        await SeenAsync(rig, 8, [.. Enumerable.Range(0, orphans).Where(i => i != 3).Select(i => $"revalya-x{i}")]);
        await rig.Runs.ExecuteAsync("INSERT INTO whatsops.orphan_sightings VALUES ('revalya', 'evo-1', 'revalya-x3', now() - interval '9 days', now())");
        var facts = (await rig.OpenForGatewayAsync(Clean)).Target.Facts!;
        var names = facts["instances"].Split(", ");
        Assert.Equal((planned, $"{planned}", $"{more}", "revalya-x3"), (names.Length, facts["count"], facts["more"], names[0]));
    }

    [Theory]
    [InlineData(0, 1)] // no tenants at all
    [InlineData(2, 3)] // more than half would be orphans
    public async Task Tenants_that_cannot_be_believed_are_no_ground_to_delete(int tenants, int orphans)
    {
        await using var rig = await RigAsync(orphans, tenants: tenants);
        await SeenAsync(rig, 8, [.. Enumerable.Range(0, orphans).Select(i => $"revalya-x{i}")]);
        Assert.Equal(409, (await RefusedAsync(rig)).Status);
    }

    [Fact]
    public async Task A_product_that_cannot_be_asked_is_no_ground_to_delete()
    {
        await using var rig = await RigAsync(orphans: 1);
        await SeenAsync(rig, 8, "revalya-x0");
        var run = await rig.OpenForGatewayAsync(Clean);
        await rig.ExecuteOnProductAsync("ALTER TABLE tenants RENAME TO moved");
        run = await rig.EndAsync(run, Clean);
        Assert.Equal((RunState.Compensated, "orphans"), (run.State, run.FailedStep));
        Assert.NotNull(rig.Gateway.Find("revalya-x0"));
    }

    [Fact]
    public async Task What_became_a_tenant_s_after_the_approval_is_left_alone()
    {
        await using var rig = await RigAsync(orphans: 2);
        await SeenAsync(rig, 8, "revalya-x0", "revalya-x1");
        var run = await rig.OpenForGatewayAsync(Clean);
        await rig.SeedAsync("x0", null, row: false);
        Assert.Equal(RunState.Completed, (await rig.EndAsync(run, Clean)).State);
        Assert.NotNull(rig.Gateway.Find("revalya-x0"));
        Assert.Empty(rig.Acts("x0"));
        Assert.Null(rig.Gateway.Find("revalya-x1"));
    }

    [Fact]
    public async Task One_whose_removal_hangs_holds_up_neither_the_others_nor_their_count()
    {
        await using var rig = await RigAsync(orphans: 3, timeScale: 0.001);
        await SeenAsync(rig, 8, "revalya-x0", "revalya-x1", "revalya-x2");
        rig.Gateway.SetFault(new() { Kind = FaultKind.Pretend, Method = "DELETE", Path = "/instance/delete/revalya-x0" });
        var run = await rig.EndAsync(await rig.OpenForGatewayAsync(Clean), Clean);
        Assert.Equal((RunState.Compensated, "wait-gone"), (run.State, run.FailedStep));
        Assert.Contains("Still there: revalya-x0.", run.Failure, StringComparison.Ordinal);
        Assert.Equal((null, null), (rig.Gateway.Find("revalya-x1"), rig.Gateway.Find("revalya-x2")));
        Assert.Equal("revalya-x0", Assert.Single(await rig.Runs.Get<IOrphanStore>().ListAsync("revalya", "evo-1", default)).Instance);
    }

    private static async Task<ResetRig> RigAsync(int orphans, int tenants = 3, string version = "2.3.6", double timeScale = 0.02)
    {
        var rig = await ResetRig.CreateAsync(version: version, timeScale: timeScale);
        for (var i = 0; i < tenants; i++) await rig.SeedAsync($"t{i}", "open", webhook: false);
        for (var i = 0; i < orphans; i++) rig.Gateway.Seed(new InstanceSeed { Name = $"revalya-x{i}", State = "close", Webhook = new() { Url = "http://127.0.0.1:9/product" } });
        return rig;
    }

    private static Task SeenAsync(ResetRig rig, double daysAgo, params IReadOnlyCollection<string> orphans) =>
        rig.Runs.Get<IOrphanStore>().RecordAsync("revalya", "evo-1", orphans, DateTimeOffset.UtcNow.AddDays(-daysAgo), default);

    private static Task<ProblemException> RefusedAsync(ResetRig rig) => Assert.ThrowsAsync<ProblemException>(() => rig.OpenForGatewayAsync(Clean));
}
