using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops report`: a report of any window, and those that routines left.</summary>
internal static class ReportCommand
{
    private static readonly string[] Formats = ["html", "csv", "json"];

    public static Command Create()
    {
        var kind = new Argument<string?>("kind") { Description = "performance, usage, weekly or monthly", Arity = ArgumentArity.ZeroOrOne };
        var system = new Option<string?>("--system") { Description = "The system" };
        var days = new Option<int?>("--days") { Description = "Days up to now; absent: the report's own window" };
        var from = new Option<string?>("--from") { Description = "Start of the window, e.g. 2026-03-01T00:00:00Z" };
        var to = new Option<string?>("--to") { Description = "End of the window; absent: now" };
        var output = Out();
        var command = new Command("report", "Performance, usage, weekly and monthly reports") { kind, system, days, from, to, output };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(kind) is not { } name) throw new CliProblem("Which report?", "whatsops report performance|usage|weekly|monthly --system NAME, or whatsops report list");
            if (parsed.GetValue(system) is not { } of) throw new CliProblem("Of which system?", "add --system NAME; whatsops fleet show lists them");
            using var client = api.Connect(parsed);
            var file = parsed.GetValue(output);
            var query = new Query($"api/reports/{Uri.EscapeDataString(name)}").Add("system", of).Add("days", parsed.GetValue(days)?.ToString(System.Globalization.CultureInfo.InvariantCulture))
                .Add("from", parsed.GetValue(from)).Add("to", parsed.GetValue(to)).Add("format", file is null ? "csv" : FormatOf(file));
            return await WriteAsync(await client.GetTextAsync(query.ToString(), cancellation), file, cancellation);
        });
        command.Subcommands.Add(List(api));
        command.Subcommands.Add(Show(api));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var command = new Command("list", "Reports that routines left, newest first") { system };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var reports = await client.ListAsync<ReportItem>(HttpMethod.Get, new Query("api/reports").Add("system", parsed.GetValue(system)).ToString(), cancellation);
            Terminal.Table(["at", "system", "routine", "show"], reports.Select(report => (string[])
                [report.At, report.System, report.Routine, $"whatsops report show reports/{report.System}/{report.Routine}/{report.At}.html --out report.html"]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var path = new Argument<string>("path") { Description = "Its path, e.g. reports/revalya/weekly-report/2026-03-01T0800.html" };
        var output = Out();
        var command = new Command("show", "One stored report") { path, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var parts = parsed.GetValue(path)!.Split('/', StringSplitOptions.RemoveEmptyEntries).SkipWhile(part => part == "reports").Select(Uri.EscapeDataString);
            return await WriteAsync(await client.GetTextAsync($"api/reports/{string.Join('/', parts)}", cancellation), parsed.GetValue(output), cancellation);
        });
        return command;
    }

    private static Option<string?> Out() => new("--out") { Description = "File to write; its ending says the format: .html, .csv or .json" };

    private static string FormatOf(string file)
    {
        var ending = Path.GetExtension(file).TrimStart('.');
        return Formats.Contains(ending) ? ending : throw new CliProblem($"{file} ends in no format of a report.", "name it .html, .csv or .json");
    }

    private static async Task<int> WriteAsync(string report, string? file, CancellationToken cancellation)
    {
        if (file is null)
        {
            // As it is: a table would cut what a pipe wants whole.
            await Console.Out.WriteAsync(report.AsMemory(), cancellation);
            return ExitCode.Ok;
        }

        await File.WriteAllTextAsync(file, report, cancellation);
        Terminal.Line($"{file} is written.");
        return ExitCode.Ok;
    }

    private sealed record ReportItem(string System, string Routine, string At);
}
