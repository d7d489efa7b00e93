using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using WhatsOps.Checklists;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Health;
using WhatsOps.Retention;
using WhatsOps.Tests.Capabilities;
using WhatsOps.Tests.Integration.Reports;

namespace WhatsOps.Tests.Integration.Checklists;

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
        await FindAsync("instance_logged_out", Severity.High);
        await FindAsync("webhook_proof_failures", Severity.Medium);
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
        await FindAsync("target_exposed", Severity.High);
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

    [Fact]
    [Capability("R-125")]
    public async Task The_trends_of_the_month_are_settled_by_their_report()
    {
        await world.RanAsync("monthly-report");
        await world.RunAsync("monthly-checklist");
        Assert.Equal(TaskState.Done, (await world.TaskAsync("R-125")).State);
    }

    [Fact]
    public async Task People_settle_a_task_once_and_every_word_is_audited()
    {
        await world.RunAsync("monthly-checklist");
        var task = await world.TaskAsync("R-124");
        Assert.Equal((404, "id"), Refused(() => world.SayAsync(task with { Id = Guid.NewGuid() }, "done")));
        Assert.Equal((400, "$.outcome"), Refused(() => world.SayAsync(task, "finished")));
        Assert.Equal((400, "$.note"), Refused(() => world.SayAsync(task, "failed", " ")));
        Assert.Equal((400, "$.note"), Refused(() => world.SayAsync(task, "done", new string('x', 1001))));
        Assert.Equal((400, "$.until"), Refused(() => world.SayAsync(task, "postponed")));
        Assert.Equal((400, "$.until"), Refused(() => world.SayAsync(task, "postponed", until: Time.GetUtcNow())));
        Assert.Equal((400, "$.until"), Refused(() => world.SayAsync(task, "postponed", until: Time.GetUtcNow().AddDays(90.1))));

        var done = await world.SayAsync(task, "done", "called 5511999990000");
        Assert.Equal((TaskState.Done, "otto", "called *********0000"), (done.State, done.ClosedBy, done.Note));
        Assert.Equal(409, Refused(() => world.SayAsync(task, "not-applicable")).Status);
        Assert.Equal("otto task.done task:revalya:R-124:2026-03 called *********0000", await world.ScalarAsync<string>("SELECT by || ' ' || action || ' ' || detail FROM whatsops.audit_trail"));
    }

    [Fact]
    public async Task A_postponed_task_is_open_again_at_its_time_with_its_full_time()
    {
        await world.RunAsync("monthly-checklist");
        var until = Time.GetUtcNow().AddDays(10);
        await world.SayAsync(await world.TaskAsync("R-124"), "postponed", until: until);
        await world.TickAsync(TimeSpan.FromDays(9.9));
        Assert.Equal(TaskState.Postponed, (await world.TaskAsync("R-124")).State);
        await world.TickAsync(TimeSpan.FromDays(0.1));
        Assert.Equal((TaskState.Open, until.AddDays(7)), ((await world.TaskAsync("R-124")).State, (await world.TaskAsync("R-124")).DueAt));
        until = Time.GetUtcNow().AddDays(20);
        await world.SayAsync(await world.TaskAsync("R-124"), "postponed", until: until);
        await world.TickAsync(TimeSpan.FromDays(20));
        Assert.Equal(until.AddDays(7), (await world.TaskAsync("R-124")).DueAt);
    }

    [Fact]
    public async Task Half_the_time_reminds_once_and_an_overdue_task_climbs_a_level_each_time_it_is_late_again()
    {
        await world.RunAsync("monthly-checklist");
        foreach (var row in (string[])["R-126", "R-127", "R-128", "R-380", "R-386", "R-387", "R-390"]) await world.SayAsync(await world.TaskAsync(row), "done");
        await world.TickAsync(TimeSpan.FromDays(3.4));
        Assert.Equal(0, await RemindersAsync());
        await world.TickAsync(TimeSpan.FromDays(0.2));
        await world.TickAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(1, await RemindersAsync());
        Assert.Empty(await OverdueAsync());

        await world.TickAsync(TimeSpan.FromDays(3.5));
        Assert.Equal((2, Severity.Medium), ((await world.TaskAsync("R-124")).Level, Assert.Single(await OverdueAsync()).Severity));
        await world.TickAsync(TimeSpan.FromDays(6.9));
        Assert.Equal(2, (await world.TaskAsync("R-124")).Level);
        await world.TickAsync(TimeSpan.FromDays(0.2));
        Assert.Equal((3, Severity.High), ((await world.TaskAsync("R-124")).Level, Assert.Single(await OverdueAsync()).Severity));
        await world.TickAsync(TimeSpan.FromDays(30));
        Assert.Equal(3, (await world.TaskAsync("R-124")).Level);

        await world.SayAsync(await world.TaskAsync("R-124"), "not-applicable");
        await world.TickAsync(TimeSpan.FromMinutes(1));
        Assert.Empty(await OverdueAsync());
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

    [Fact]
    public async Task A_clean_up_under_approval_is_asked_once_and_only_an_approvers_yes_grants_it()
    {
        var requests = world.Get<CleanUpRequests>();
        await requests.AskAsync("revalya", "api_logs", Time.GetUtcNow().AddDays(-30), 123, default);
        await world.TickAsync(TimeSpan.FromMinutes(1));
        await world.TickAsync(TimeSpan.FromMinutes(1));
        var task = Assert.Single(await world.Tasks.ListAsync("revalya", TaskState.Open, 10, default));
        Assert.Contains("123 rows of api_logs", task.Title, StringComparison.Ordinal);
        Assert.Equal(403, Refused(() => world.SayAsync(task, "done")).Status);
        Assert.Single(await requests.WaitingAsync("revalya", default));
        await world.SayAsync(task, "done", by: ChecklistWorld.Ana);
        Assert.Equal("ana", (await requests.FindAsync("revalya", "api_logs", default))!.GrantedBy);
    }

    [Fact]
    [Capability("R-076")]
    public async Task Frequent_errors_lead_to_a_task()
    {
        var finding = await FindAsync("performance_errors", Severity.Medium, ("errors", "http_500 40"));
        await world.TickAsync(TimeSpan.FromMinutes(1));
        await world.TickAsync(TimeSpan.FromMinutes(1));
        var task = Assert.Single(await world.Tasks.ListAsync("revalya", TaskState.Open, 10, default));
        Assert.Equal(("R-076", $"finding-{finding.Id}"), (task.Row, task.Period));
        Assert.Contains("http_500 40", task.Title, StringComparison.Ordinal);
    }

    [Fact]
    [Capability("R-135")]
    [Capability("R-136")]
    [Capability("R-137")]
    [Capability("R-138")]
    [Capability("R-139")]
    public async Task An_emergency_is_five_tasks_of_which_the_machine_does_three_at_once()
    {
        var finding = await FindAsync("gateway_unreachable", Severity.Critical);
        var emergency = world.Get<Emergency>();
        Assert.Equal(404, Refused(() => emergency.StartAsync("revalya", finding.Id + 1, ChecklistWorld.Otto, default)).Status);
        Assert.Equal(404, Refused(() => emergency.StartAsync("another", finding.Id, ChecklistWorld.Otto, default)).Status);
        var tasks = await emergency.StartAsync("revalya", finding.Id, ChecklistWorld.Otto, default);
        Assert.Equal(["R-135", "R-136", "R-137", "R-138", "R-139"], tasks.Select(task => task.Row));
        Assert.Equal([TaskState.Open, TaskState.Done, TaskState.Done, TaskState.Done, TaskState.Open], tasks.Select(task => task.State));
        Assert.Contains("critical", tasks[0].Evidence[0].Text, StringComparison.Ordinal);
        Assert.Contains("gateway.key gw: refused Fix: set GATEWAY_KEY", Assert.Single(tasks[1].Evidence).Text, StringComparison.Ordinal);
        Assert.Contains("opened", tasks[2].Evidence[1].Text, StringComparison.Ordinal);
        Assert.Equal(["template.en", "template.pt-BR"], tasks[4].Evidence.Select(evidence => evidence.Source));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox WHERE message::text LIKE '%EMERGENCY%otto%'"));

        // A second start shows the same ones and tells nobody again.
        Assert.Equal(tasks.Select(task => task.Id), (await emergency.StartAsync("revalya", finding.Id, ChecklistWorld.Ana, default)).Select(task => task.Id));
        Assert.Equal(1, await world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox"));

        await world.Findings.CloseAsync(finding.Id, "ana", "over", default);
        Assert.Equal(409, Refused(() => emergency.StartAsync("revalya", finding.Id, ChecklistWorld.Otto, default)).Status);
    }

    [Theory]
    [Capability("R-135")]
    [InlineData(Severity.Critical, 5)]
    [InlineData(Severity.High, 30)]
    public async Task A_critical_emergency_is_due_within_5_minutes_and_a_lesser_one_within_30(Severity severity, int minutes)
    {
        var finding = await FindAsync("gateway_unreachable", severity);
        var tasks = await world.Get<Emergency>().StartAsync("revalya", finding.Id, ChecklistWorld.Otto, default);
        Assert.Equal(Time.GetUtcNow().AddMinutes(minutes), tasks[0].DueAt);
    }

    private static (int Status, string? Field) Refused(Func<Task> act)
    {
        var problem = Assert.ThrowsAsync<ProblemException>(act).GetAwaiter().GetResult();
        return (problem.Status, problem.Field);
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

    private Task<Finding> FindAsync(string kind, Severity severity, params (string Name, string Value)[] evidence) => world.Findings.RaiseAsync(
        new(kind, "test", "revalya", "gw", null, null, severity, "It is so.", evidence.ToDictionary(pair => pair.Name, pair => pair.Value), null), Time.GetUtcNow(), default);

    private Task<IReadOnlyList<Finding>> OverdueAsync() => world.Findings.ListAsync(new(Kind: "task_overdue"), default);

    private Task<long> RemindersAsync() => world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox WHERE message::text LIKE '%WhatsApp Integration Task%'");
}
