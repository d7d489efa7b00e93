using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops routines`: what runs by the clock, how it went, and running one now.</summary>
internal static class RoutinesCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true };

    public static Command Create()
    {
        var command = new Command("routines", "What runs by the clock: audits, reports, clean-ups");
        var api = ApiOptions.AddTo(command);
        command.AddDefault(List(api));
        command.Subcommands.Add(RunNow(api));
        command.Subcommands.Add(Show(api));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var command = new Command("list", "Every routine, when it is due and how the last run went") { system };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var routines = await client.ListAsync<RoutineItem>(HttpMethod.Get, new Query("api/routines").Add("system", parsed.GetValue(system)).ToString(), cancellation);
            Terminal.Table(
                ["system", "routine", "schedule", "next", "last", "summary"],
                routines.Select(routine => (string[])[routine.System, routine.Routine, routine.Schedule, Time(routine.NextAt), routine.LastRun?.Outcome ?? "-", routine.LastRun?.Summary ?? routine.Summary]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command RunNow(ApiOptions api)
    {
        var routine = new Argument<string>("routine") { Description = "Name of the routine" };
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var command = new Command("run", "Carry it out now and print its report") { routine, system };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var run = await client.PostAsync<RunItem>($"api/routines/{Uri.EscapeDataString(parsed.GetValue(routine)!)}", new { system = parsed.GetValue(system) }, cancellation);
            return Print(run);
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var id = new Argument<Guid>("id") { Description = "Id of the run" };
        var command = new Command("show", "The report of one run") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            return Print(await client.GetAsync<RunItem>($"api/routines/runs/{parsed.GetValue(id)}", cancellation));
        });
        return command;
    }

    private static int Print(RunItem run)
    {
        Terminal.Line($"{run.Routine} of {run.System}: {run.Outcome}. {run.Summary}");
        if (run.Report is { } report) Terminal.Line(report.ToJsonString(Readable));
        return run.Outcome == "failed" ? ExitCode.Problem : ExitCode.Ok;
    }

    private static string Time(DateTimeOffset? at) => at is { } time ? $"{time.LocalDateTime:yyyy-MM-dd HH:mm}" : "-";

    private sealed record RoutineItem(string System, string Routine, string Summary, string Schedule, DateTimeOffset? NextAt, RunItem? LastRun);

    private sealed record RunItem(Guid Id, string System, string Routine, string Outcome, string Summary, JsonNode? Report);
}
