using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops tasks`: what is asked of people, and saying what became of it.</summary>
internal static class TasksCommand
{
    public static Command Create()
    {
        var command = new Command("tasks", "Checklists and tasks of people");
        var api = ApiOptions.AddTo(command);
        command.AddDefault(List(api));
        command.Subcommands.Add(Show(api));
        command.Subcommands.Add(Settle(api, "done", "It is done", needsNote: false));
        command.Subcommands.Add(Settle(api, "not-applicable", "There is nothing to do", needsNote: false));
        command.Subcommands.Add(Settle(api, "failed", "It did not work", needsNote: true));
        command.Subcommands.Add(Postpone(api));
        command.Subcommands.Add(Emergency(api));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var state = new Option<string?>("--state") { Description = "open (when absent), postponed, done, not_applicable, failed, missed or all" };
        var command = new Command("list", "Open tasks, newest first") { system, state };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var wanted = parsed.GetValue(state) ?? "open";
            Print(await client.ListAsync<TaskView>(
                HttpMethod.Get, new Query("api/tasks").Add("system", parsed.GetValue(system)).Add("state", wanted == "all" ? null : wanted).ToString(), cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var id = Id();
        var command = new Command("show", "One task with its evidence") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var task = await client.GetAsync<TaskView>($"api/tasks/{parsed.GetValue(id)}", cancellation);
            Terminal.Line($"Task {task.Id}: {task.Row} {task.Period} of {task.System}, {task.State}, level {task.Level}");
            Terminal.Line($"  {task.Title} / {task.TitlePt}");
            Terminal.Line($"  opened {Terminal.Time(task.OpenedAt)}, due {Terminal.Time(task.DueAt)}{(task.PostponedUntil is null ? "" : $", postponed until {Terminal.Time(task.PostponedUntil)}")}");
            if (task.ClosedBy is not null) Terminal.Line($"  {task.State} by {task.ClosedBy} at {Terminal.Time(task.ClosedAt)}{(task.Note is null ? "" : $": {task.Note}")}");
            foreach (var evidence in task.Evidence) Terminal.Line($"  {(evidence.Ok ? "ok   " : "look ")} {evidence.Source}: {evidence.Text}{(evidence.Command is null ? "" : $"  ({evidence.Command})")}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Settle(ApiOptions api, string outcome, string description, bool needsNote)
    {
        var id = Id();
        var note = new Option<string?>("--note") { Description = "What was done, or why not", Required = needsNote };
        var command = new Command(outcome, description) { id, note };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            return Said(await client.PostAsync<TaskView>($"api/tasks/{parsed.GetValue(id)}/outcome", new { outcome, note = parsed.GetValue(note) }, cancellation));
        });
        return command;
    }

    private static Command Postpone(ApiOptions api)
    {
        var id = Id();
        var length = new Option<string>("--for") { Description = "How long: 4h, 2d", Required = true };
        var note = new Option<string?>("--note") { Description = "Why" };
        var command = new Command("postpone", "Not now") { id, length, note };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var until = DateTimeOffset.UtcNow + Durations.Parse(parsed.GetValue(length)!);
            return Said(await client.PostAsync<TaskView>($"api/tasks/{parsed.GetValue(id)}/outcome", new { outcome = "postponed", until, note = parsed.GetValue(note) }, cancellation));
        });
        return command;
    }

    private static Command Emergency(ApiOptions api)
    {
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var finding = new Option<long>("--finding") { Description = "Number of the finding", Required = true };
        var command = new Command("emergency", "Start the emergency procedure for a finding") { system, finding };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            Print((await client.PostAsync<List<TaskView>>("api/tasks/emergency", new { system = parsed.GetValue(system), finding = parsed.GetValue(finding) }, cancellation))!);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<Guid> Id() => new("id") { Description = "Id of the task" };

    private static int Said(TaskView task)
    {
        Terminal.Line($"Task {task.Id} ({task.Title}) is {task.State}.");
        return ExitCode.Ok;
    }

    private static void Print(IReadOnlyList<TaskView> tasks)
    {
        if (tasks.Count == 0) Terminal.Line("No tasks.");
        else Terminal.Table(["id", "task", "period", "state", "level", "due", "title"], tasks.Select(task => (string[])
            [$"{task.Id}", $"{task.System} {task.Row}", task.Period, task.State, $"{task.Level}", Terminal.Time(task.DueAt), task.Title]));
    }

    private sealed record TaskView(
        Guid Id, string System, string Row, string Period, string Title, string TitlePt, string State, int Level, DateTimeOffset OpenedAt, DateTimeOffset DueAt,
        DateTimeOffset? PostponedUntil, IReadOnlyList<EvidenceView> Evidence, string? Note, string? ClosedBy, DateTimeOffset? ClosedAt);

    private sealed record EvidenceView(string Source, bool Ok, string Text, string? Command);
}
