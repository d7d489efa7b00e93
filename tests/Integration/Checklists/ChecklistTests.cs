using Microsoft.Extensions.Time.Testing;
using WhatsOps.Checklists;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Reports;

namespace WhatsOps.Tests.Integration.Checklists;

/// <summary>What machines judge, by its evidence.</summary>
public sealed class ChecklistTests : IAsyncLifetime
{
    private ChecklistWorld world = null!;

    private FakeTimeProvider Time => world.Time;

    public async ValueTask InitializeAsync() => world = await ChecklistWorld.CreateAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Fact]
    [Capability("R-115")]
    [Capability("R-116")]
    [Capability("R-117")]
    [Capability("R-118")]
    public async Task A_well_day_is_done_by_itself_with_its_evidence()
    {
        await SweptAsync(Time.GetUtcNow().AddMinutes(-5));
        await CallsAsync("seen", 200, 95);
        await CallsAsync("failed", 500, 5);
        await EventAsync();
        var outcome = await world.RunAsync("daily-checklist");
        Assert.True(outcome.Complete);
        Assert.Equal("daily 2026-03-02: 4 done, 0 failed, 0 asked of people, 0 known already.", outcome.Summary);
        foreach (var row in (string[])["R-115", "R-116", "R-117", "R-118"])
        {
            var task = await world.TaskAsync(row);
            Assert.Equal((TaskState.Done, "policy", $"task:revalya:{row}:2026-03-02"), (task.State, task.ClosedBy, task.Key));
            Assert.All(task.Evidence, evidence => Assert.True(evidence.Ok, evidence.Text));
        }

        // Again on the same day: nothing new.
        Assert.Contains("4 known already", (await world.RunAsync("daily-checklist")).Summary, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-115")]
    [Capability("R-116")]
    [Capability("R-117")]
    [Capability("R-118")]
    public async Task No_evidence_and_bad_evidence_fail_an_item()
    {
        await SweptAsync(Time.GetUtcNow().AddMinutes(-16));
        await world.RunAsync("daily-checklist");
        Assert.All((string[])["R-115", "R-116", "R-117", "R-118"], row => Assert.Equal(TaskState.Failed, world.TaskAsync(row).GetAwaiter().GetResult().State));

        Time.Advance(TimeSpan.FromDays(1));
        await SweptAsync(Time.GetUtcNow().AddMinutes(-15));
        await CallsAsync("seen", 200, 949);
        await CallsAsync("failed", 500, 51);
        await EventAsync();
        await world.FindAsync("instance_logged_out", Severity.High);
        await world.FindAsync("webhook_proof_failures", Severity.Medium);
        await world.RunAsync("daily-checklist");
        var states = new[] { "R-115", "R-116", "R-117", "R-118" }.Select(row => world.TaskAsync(row, "2026-03-03").GetAwaiter().GetResult().State);
        Assert.Equal([TaskState.Failed, TaskState.Failed, TaskState.Done, TaskState.Failed], states);
        var task = await world.TaskAsync("R-115", "2026-03-03");
        Assert.Equal([true, false], task.Evidence.Select(evidence => evidence.Ok));
        Assert.Contains("1 instance_logged_out open", task.Evidence[1].Text, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-118")]
    public async Task Slow_answers_fail_the_performance_item_alone()
    {
        await SweptAsync(Time.GetUtcNow());
        await CallsAsync("seen", 200, 10, ms: 5001);
        await world.RunAsync("daily-checklist");
        Assert.Equal((TaskState.Done, TaskState.Failed), ((await world.TaskAsync("R-116")).State, (await world.TaskAsync("R-118")).State));
    }

    [Fact]
    [Capability("R-120")]
    [Capability("R-121")]
    public async Task Weekly_items_take_the_last_runs_of_routines_that_are_fresh_and_done()
    {
        await world.RanAsync("usage-report");
        await world.RanAsync("clean-up", "incomplete");
        Time.Advance(TimeSpan.FromDays(7));
        await world.RunAsync("weekly-checklist");
        Assert.Equal((TaskState.Done, TaskState.Failed), ((await world.TaskAsync("R-120")).State, (await world.TaskAsync("R-121")).State));

        Time.Advance(TimeSpan.FromDays(7));
        await world.RanAsync("clean-up");
        await world.RunAsync("weekly-checklist");
        Assert.Equal((TaskState.Failed, TaskState.Done), ((await world.TaskAsync("R-120", "2026-W12")).State, (await world.TaskAsync("R-121", "2026-W12")).State));
        Assert.Contains("too long ago", Assert.Single((await world.TaskAsync("R-120", "2026-W12")).Evidence).Text, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-125")]
    public async Task The_trends_of_the_month_are_settled_by_their_report()
    {
        await world.RanAsync("monthly-report");
        await world.RunAsync("monthly-checklist");
        Assert.Equal(TaskState.Done, (await world.TaskAsync("R-125")).State);
    }

    [Fact]
    public async Task The_next_day_records_an_unfinished_daily_item_as_missed_and_the_next_month_does_not()
    {
        await world.Tasks.AddAsync(new("revalya", "R-115", "daily", "2026-03-01", "t", "t", TimeSpan.FromDays(1), []), default);
        await world.Tasks.AddAsync(new("revalya", "R-124", "monthly", "2026-02", "t", "t", TimeSpan.FromDays(7), []), default);
        await world.Tasks.AddAsync(new("another", "R-115", "daily", "2026-03-01", "t", "t", TimeSpan.FromDays(1), []), default);
        await world.RunAsync("daily-checklist");
        await world.RunAsync("monthly-checklist");
        Assert.Equal((TaskState.Missed, "policy"), ((await world.TaskAsync("R-115", "2026-03-01")).State, (await world.TaskAsync("R-115", "2026-03-01")).ClosedBy));
        Assert.Equal(TaskState.Open, (await world.TaskAsync("R-124", "2026-02")).State);
        Assert.Equal(TaskState.Open, Assert.Single(await world.Tasks.ListAsync("another", null, 10, default)).State);
    }

    [Fact]
    public async Task An_item_that_cannot_be_judged_blocks_no_other()
    {
        await ReportWorld.ExecuteAsync(world.Database.DataSource, "DROP FUNCTION whatsops.event_totals");
        await SweptAsync(Time.GetUtcNow());
        await CallsAsync("seen", 200, 1);
        var outcome = await world.RunAsync("daily-checklist");
        Assert.False(outcome.Complete);
        Assert.Contains("3 done", outcome.Summary, StringComparison.Ordinal);
    }

    private Task SweptAsync(DateTimeOffset at) => world.Get<SweepStore>().SaveAsync(
        new(Guid.CreateVersion7(at), at.AddSeconds(-5), at, HealthStatus.Healthy, true, [new("revalya", HealthStatus.Healthy, at.AddSeconds(-5), at, [], [], [], [], 1)]), default);

    private Task CallsAsync(string outcome, int status, int times, int ms = 20) => ReportWorld.ExecuteAsync(
        world.Database.DataSource, "INSERT INTO whatsops.gateway_calls SELECT $1, 'revalya', 'g', NULL, NULL, 'o', $2, $3, $4 FROM generate_series(1, $5)", Time.GetUtcNow().AddHours(-2), outcome, status, ms, times);

    private async Task EventAsync()
    {
        var at = Time.GetUtcNow().AddHours(-2);
        await ReportWorld.ExecuteAsync(world.Database.DataSource, "SELECT whatsops.ensure_event_day(($1::timestamptz AT TIME ZONE 'UTC')::date)", at);
        await ReportWorld.ExecuteAsync(
            world.Database.DataSource, "INSERT INTO whatsops.events (system, tenant, received_at, id, event, is_foreign, size) VALUES ('revalya', 'a', $1, gen_random_uuid(), 'messages.upsert', false, 1)", at);
    }
}
