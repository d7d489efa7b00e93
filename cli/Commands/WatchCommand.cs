using System.CommandLine;
using System.Globalization;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops watch`: what systems stand on besides their gateways, and how it is.</summary>
internal static class WatchCommand
{
    public static Command Create()
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var now = new Option<bool>("--now") { Description = "Look at everything of the system first, due or not (needs --system)" };
        var command = new Command("watch", "What is looked at besides gateways: databases, queues, containers, certificates") { system, now };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            var name = parsed.GetValue(system);
            if (parsed.GetValue(now) && name is null) throw new CliProblem("--now needs --system.", "say which system is to be looked at");
            using var client = api.Connect(parsed);
            var targets = parsed.GetValue(now)
                ? await client.ListAsync<TargetItem>(HttpMethod.Post, $"api/watch/{Uri.EscapeDataString(name!)}", cancellation)
                : await client.ListAsync<TargetItem>(HttpMethod.Get, new Query("api/watch").Add("system", name).ToString(), cancellation);
            Terminal.Table(
                ["system", "target", "seen", "24 h", "p99", "what it says"],
                targets.Select(target => (string[])[target.System, target.Target, target.Outcome ?? "not yet", Percent(target.Availability), Seconds(target.P99), target.Words ?? "-"]));
            return targets.Any(target => target.Outcome is not (null or "seen")) ? ExitCode.Problem : ExitCode.Ok;
        });
        command.Subcommands.Add(Show(api));
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var system = new Argument<string>("system") { Description = "The system" };
        var target = new Argument<string>("target") { Description = "Family and name, e.g. redis/cache" };
        var command = new Command("show", "The newest numbers of one target") { system, target };
        command.SetAction(async (parsed, cancellation) =>
        {
            if (parsed.GetValue(target)!.Split('/') is not [var family, var name]) throw new CliProblem("That is no target.", "write family and name, e.g. redis/cache; whatsops watch lists them");
            using var client = api.Connect(parsed);
            var series = await client.ListAsync<SeriesItem>(HttpMethod.Get, $"api/watch/{Uri.EscapeDataString(parsed.GetValue(system)!)}/{Uri.EscapeDataString(family)}/{Uri.EscapeDataString(name)}", cancellation);
            Terminal.Table(
                ["metric", "of", "value", "at"],
                series.Select(one => (string[])[one.Metric, one.Subject, one.Value.ToString("#,##0.###", CultureInfo.InvariantCulture), $"{one.At.LocalDateTime:yyyy-MM-dd HH:mm:ss}"]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Percent(double? value) => value is { } known ? known.ToString("0.0#", CultureInfo.InvariantCulture) + " %" : "-";

    private static string Seconds(double? value) => value is { } known ? known.ToString("0.000", CultureInfo.InvariantCulture) + " s" : "-";

    private sealed record TargetItem(string System, string Target, string? Outcome, string? Words, double? Availability, double? P99);

    private sealed record SeriesItem(string Metric, string Subject, DateTimeOffset At, double Value);
}
