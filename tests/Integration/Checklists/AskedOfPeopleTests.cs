using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Checklists;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Reports;

namespace WhatsOps.Tests.Integration.Checklists;

/// <summary>What the manuals ask of people, and what of it evidence settles.</summary>
public sealed class AskedOfPeopleTests : IAsyncLifetime
{
    private ChecklistWorld world = null!;

    private FakeTimeProvider Time => world.Time;

    public async ValueTask InitializeAsync() => world = await ChecklistWorld.CreateAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

    [Theory]
    [Capability("R-124", HumanTask = true)]
    [Capability("R-126", HumanTask = true)]
    [Capability("R-127", HumanTask = true)]
    [Capability("R-128", HumanTask = true)]
    [Capability("R-129", HumanTask = true)]
    [Capability("R-130", HumanTask = true)]
    [Capability("R-131", HumanTask = true)]
    [Capability("R-132", HumanTask = true)]
    [Capability("R-133", HumanTask = true)]
    [Capability("R-380", HumanTask = true)]
    [Capability("R-387", HumanTask = true)]
    [Capability("R-390", HumanTask = true)]
    [InlineData("monthly-checklist", "2026-03", 7, "R-124 R-126 R-127 R-128 R-380 R-386 R-387 R-390")]
    [InlineData("quarterly-checklist", "2026-Q1", 21, "R-129 R-130 R-131 R-132 R-133")]
    public async Task What_no_machine_can_do_is_asked_of_people_with_a_date(string routine, string period, int days, string rows)
    {
        var outcome = await world.RunAsync(routine);
        Assert.True(outcome.Complete);
        foreach (var row in rows.Split(' '))
        {
            var task = await world.TaskAsync(row);
            Assert.Equal((TaskState.Open, period, Time.GetUtcNow().AddDays(days)), (task.State, task.Period, task.DueAt));
        }

        var told = await world.ScalarAsync<string>("SELECT message::text FROM whatsops.alert_outbox");
        Assert.Contains("whatsops tasks --system revalya", told, StringComparison.Ordinal);
        Assert.All(rows.Split(' '), row => Assert.Contains(ChecklistItem.All.Single(item => item.Row == row).TitlePt, global::System.Text.RegularExpressions.Regex.Unescape(told), StringComparison.Ordinal));
    }

    [Theory]
    [Capability("R-020", HumanTask = true)]
    [Capability("R-021", HumanTask = true)]
    [Capability("R-024", HumanTask = true)]
    [Capability("R-026", HumanTask = true)]
    [InlineData("weekly-checklist", "weekly-companies", 3, "R-020 R-021", "R-017")]
    [InlineData("monthly-checklist", "monthly-companies", 7, "R-024 R-026", "R-023 R-025")]
    public async Task A_TaktChat_has_its_manuals_items_and_the_review_of_its_companies_is_their_evidence(string routine, string review, int days, string asked, string judged)
    {
        var takt = new FleetSystem { Name = ChecklistWorld.System, Kind = SystemKinds.TaktChat };
        await world.RanAsync(review);
        await world.RunAsync(routine, takt);
        foreach (var row in asked.Split(' '))
        {
            var task = await world.TaskAsync(row);
            Assert.Equal((TaskState.Open, Time.GetUtcNow().AddDays(days)), (task.State, task.DueAt));
            if (row != "R-020") Assert.StartsWith(review, Assert.Single(task.Evidence).Text, StringComparison.Ordinal);
        }

        foreach (var row in judged.Split(' ')) Assert.Equal(TaskState.Done, (await world.TaskAsync(row)).State);
    }

    [Fact]
    [Capability("R-031", HumanTask = true)]
    [Capability("R-035", HumanTask = true)]
    [Capability("R-039", HumanTask = true)]
    public async Task What_is_to_be_done_for_releases_is_asked_of_people_where_nothing_is_watched()
    {
        await world.RunAsync("weekly-checklist", new FleetSystem { Name = ChecklistWorld.System, Kind = SystemKinds.TaktChat });
        foreach (var (row, evidence) in ((string, string[])[])[("R-031", ["http", "site"]), ("R-035", ["release"]), ("R-039", ["release"])])
        {
            var task = await world.TaskAsync(row);
            Assert.Equal((TaskState.Open, Time.GetUtcNow().AddDays(3)), (task.State, task.DueAt));
            Assert.Equal(evidence.Select(family => $"Nothing of {family} is watched."), task.Evidence.Select(one => one.Text));
            Assert.All(task.Evidence, one => Assert.False(one.Ok));
        }
    }

    [Theory]
    [Capability("R-035")]
    [InlineData("seen", null, "6:1 0:1", 30, TaskState.Done, "")]
    [InlineData("seen", "release/chat/approval", "0:1", 0, TaskState.Done, "")]
    [InlineData("seen", "release/chat/changelog", "0:1", 0, TaskState.Failed, " It has no notes.")]
    [InlineData("seen", "release/chat", "0:1", 0, TaskState.Failed, " It has no notes.")]
    [InlineData("seen", null, "6:0 0:1", 0, TaskState.Failed, " A release of the week, of release/chat, was without notes.")]
    [InlineData("seen", null, "8:0 0:1", 0, TaskState.Done, "")]
    [InlineData("seen", null, "8:1", 0, TaskState.Failed, " No look of the week saw whether release/chat has notes.")]
    [InlineData("seen", null, "0:1", 61, TaskState.Failed, " release/chat was looked at too long ago.")]
    [InlineData("absent", null, "0:1", 0, TaskState.Failed, "")]
    [InlineData(null, null, "", 0, TaskState.Failed, " No look of the week saw whether release/chat has notes.")]
    public async Task Release_notes_are_settled_by_every_look_of_the_week_and_the_rest_has_its_words(string? outcome, string? subject, string looks, int minutes, TaskState state, string words)
    {
        foreach (var look in looks.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(look => look.Split(':')))
            await ReportWorld.ExecuteAsync(
                world.Database.DataSource,
                $"INSERT INTO whatsops.sample_hours (system, target, metric, subject, hour, samples, total, least, most) VALUES ('{ChecklistWorld.System}', 'release/chat', 'release.changelog', '', '{Time.GetUtcNow().AddDays(-int.Parse(look[0], CultureInfo.InvariantCulture)):O}', 1, {look[1]}, {look[1]}, {look[1]})");

        await ReportWorld.ExecuteAsync(
            world.Database.DataSource,
            $"INSERT INTO whatsops.watch_targets (system, target, next_at, outcome, words, read_at) VALUES ('{ChecklistWorld.System}', 'release/chat', now(), {(outcome is null ? "NULL, NULL, NULL" : $"'{outcome}', 'main is at 0e1f2a3.', '{Time.GetUtcNow().AddMinutes(-minutes):O}'")})");
        if (subject is not null)
            await world.Findings.RecordAsync(
                new("watch/release/chat", ChecklistWorld.System, null, true, Time.GetUtcNow(), 1), [new("release_unsound", "watch/release/chat", ChecklistWorld.System, null, null, null, Severity.Medium, "It has no notes.", new Dictionary<string, string>(), null) { Subject = subject }], default);
        await world.RunAsync("weekly-checklist", new FleetSystem { Name = ChecklistWorld.System, Kind = SystemKinds.TaktChat, Watch = new() { Releases = [new() { Name = "chat", Repository = "acme/chat", Changelog = "notes.md" }] } });
        var task = await world.TaskAsync("R-035");
        Assert.Equal(state, task.State);
        Assert.Equal(
            $"release/chat: {(outcome is null ? "not looked at yet." : "main is at 0e1f2a3.")}{words}", Assert.Single(task.Evidence).Text);
        Assert.Equal(TaskState.Open, (await world.TaskAsync("R-039")).State);
    }

    [Theory]
    [Capability("R-171", HumanTask = true)]
    [Capability("R-172", HumanTask = true)]
    [Capability("R-179", HumanTask = true)]
    [Capability("R-241", HumanTask = true)]
    [Capability("R-360", HumanTask = true)]
    [Capability("R-363", HumanTask = true)]
    [Capability("R-365", HumanTask = true)]
    [Capability("R-375", HumanTask = true)]
    [InlineData("agent", "daily-checklist", 1, "R-171 R-172 R-241", "R-171", "evening-check")]
    [InlineData("agent", "weekly-checklist", 3, "R-179", "R-179", "weekly-kpis")]
    [InlineData("bot", "weekly-checklist", 3, "R-360", null, null)]
    [InlineData("bot", "monthly-checklist", 7, "R-363 R-365", "R-365", "restore-test")]
    [InlineData("bot", "quarterly-checklist", 21, "R-375", "R-375", "monthly-kpis")]
    public async Task An_agent_and_a_bot_have_the_items_of_their_manuals_with_what_there_is_of_evidence(string kind, string routine, int days, string asked, string? shown, string? evidence)
    {
        if (evidence is not null) await world.RanAsync(evidence);
        await world.FindAsync("target_exposed", Severity.High);
        Assert.True((await world.RunAsync(routine, new() { Name = ChecklistWorld.System, Kind = kind })).Complete);
        foreach (var row in asked.Split(' '))
        {
            var task = await world.TaskAsync(row);
            Assert.Equal((TaskState.Open, Time.GetUtcNow().AddDays(days)), (task.State, task.DueAt));
            if (row == shown) Assert.True(task.Evidence[0].Ok && task.Evidence[0].Text.StartsWith(evidence!, StringComparison.Ordinal), task.Evidence[0].Text);
            if (row is "R-241" or "R-363") Assert.Contains("1 target_exposed open", task.Evidence[0].Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Another_system_is_not_asked_what_the_manuals_of_TaktChat_agent_and_bot_ask()
    {
        foreach (var routine in (string[])["daily-checklist", "weekly-checklist", "monthly-checklist", "quarterly-checklist"]) await world.RunAsync(routine);
        var asked = (await world.Tasks.ListAsync(ChecklistWorld.System, null, 1000, default)).Select(task => task.Row).ToHashSet();
        Assert.Contains("R-115", asked);
        Assert.DoesNotContain(ChecklistItem.All, item => item.Kind is not null && asked.Contains(item.Row));
    }
}
