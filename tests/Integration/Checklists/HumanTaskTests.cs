using Microsoft.Extensions.Time.Testing;
using WhatsOps.Checklists;
using WhatsOps.Findings;
using WhatsOps.Fleet;
using WhatsOps.Retention;
using WhatsOps.Tests.Capabilities;

namespace WhatsOps.Tests.Integration.Checklists;

/// <summary>From the question to its answer: reminders, levels, approvals, emergencies.</summary>
public sealed class HumanTaskTests : IAsyncLifetime
{
    private ChecklistWorld world = null!;

    private FakeTimeProvider Time => world.Time;

    public async ValueTask InitializeAsync() => world = await ChecklistWorld.CreateAsync();

    public async ValueTask DisposeAsync() => await world.DisposeAsync();

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
        var finding = await world.FindAsync("performance_errors", Severity.Medium, ("errors", "http_500 40"));
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
        var finding = await world.FindAsync("gateway_unreachable", Severity.Critical);
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
        var finding = await world.FindAsync("gateway_unreachable", severity);
        var tasks = await world.Get<Emergency>().StartAsync("revalya", finding.Id, ChecklistWorld.Otto, default);
        Assert.Equal(Time.GetUtcNow().AddMinutes(minutes), tasks[0].DueAt);
    }

    private static (int Status, string? Field) Refused(Func<Task> act)
    {
        var problem = Assert.ThrowsAsync<ProblemException>(act).GetAwaiter().GetResult();
        return (problem.Status, problem.Field);
    }

    private Task<IReadOnlyList<Finding>> OverdueAsync() => world.Findings.ListAsync(new(Kind: "task_overdue"), default);

    private Task<long> RemindersAsync() => world.ScalarAsync<long>("SELECT count(*) FROM whatsops.alert_outbox WHERE message::text LIKE '%WhatsApp Integration Task%'");
}
