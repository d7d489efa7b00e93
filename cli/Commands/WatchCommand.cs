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
                ? await client.ListAsync<WatchTargetView>(HttpMethod.Post, $"api/watch/{Uri.EscapeDataString(name!)}", cancellation)
                : await client.ListAsync<WatchTargetView>(HttpMethod.Get, new Query("api/watch").Add("system", name).ToString(), cancellation);
            WatchViews.Print(targets);
            return targets.Any(target => target.Outcome is not (null or "seen")) ? ExitCode.Problem : ExitCode.Ok;
        });
        command.Subcommands.Add(Show(api));
        command.Subcommands.Add(Dashboard(api));
        command.Subcommands.Add(Logs(api));
        command.Subcommands.Add(EvidenceCommand.Create(api));
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

    private static Command Dashboard(ApiOptions api)
    {
        var system = new Argument<string>("system") { Description = "The system" };
        var instance = new Option<string?>("--instance") { Description = "Only this instance, by its exact name" };
        var command = new Command("dashboard", "Instances, messages, error rates, containers, webhook events and errors of this moment") { system, instance };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var view = await client.GetAsync<DashboardItem>(new Query($"api/watch/{Uri.EscapeDataString(parsed.GetValue(system)!)}/dashboard").Add("instance", parsed.GetValue(instance)).ToString(), cancellation);
            if (view.Instances is { } instances)
                Terminal.Line($"{instances.Active} of {instances.Configured} instances are connected, {instances.Down} are paired and down ({string.Join(", ", instances.ByStatus.Select(one => $"{one.Name} {one.Count}"))})");
            if (view.Messages is { } messages) Terminal.Line($"{Count(messages.Sent)} messages sent and {Count(messages.Received)} received in 5 minutes; all that are kept: {string.Join(", ", messages.ByType.Select(one => $"{one.Name} {one.Count}"))}");
            foreach (var rate in view.ErrorRates) Terminal.Line($"{rate.Target}: {Percent(rate.Percent)} of the {rate.What} of 5 minutes fail");
            Terminal.Table(
                ["container", "cpu", "of its limit", "memory", "of its limit"],
                view.Containers.Select(one => (string[])[one.Target, Percent(one.CpuPercent), Percent(one.CpuLimitPercent), Megabytes(one.MemoryBytes), Percent(one.MemoryPercent)]));
            Terminal.Table(["webhook event, 24 h", "count"], view.WebhookEvents.Select(one => (string[])[one.Name, $"{one.Count}"]));
            Terminal.Table(["error, 1 h", "in", "count"], view.Errors.Select(one => (string[])[one.Type, one.Target, $"{one.Count}"]));
            foreach (var sentence in view.Unknown) Terminal.Line(sentence);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Logs(ApiOptions api)
    {
        var system = new Argument<string>("system") { Description = "The system" };
        var container = new Argument<string>("container") { Description = "Name of the container in the fleet file" };
        var minutes = new Option<int>("--minutes") { Description = "How far back, at most 60", DefaultValueFactory = _ => 5 };
        var command = new Command("logs", "The newest lines of a container's log, without secrets and phone numbers") { system, container, minutes };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var lines = await client.ListAsync<LineItem>(
                HttpMethod.Get, $"api/watch/{Uri.EscapeDataString(parsed.GetValue(system)!)}/container/{Uri.EscapeDataString(parsed.GetValue(container)!)}/logs?minutes={parsed.GetValue(minutes)}", cancellation);
            foreach (var line in lines) Terminal.Line($"{line.At.LocalDateTime:HH:mm:ss} {line.Text}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Megabytes(double? value) => value is { } known ? (known / 1024 / 1024).ToString("#,##0", CultureInfo.InvariantCulture) + " MB" : "-";

    private static string Percent(double? value) => WatchViews.Percent(value);

    private static string Count(long? value) => value?.ToString("#,##0", CultureInfo.InvariantCulture) ?? "-";

    private sealed record LineItem(DateTimeOffset At, string Text);

    private sealed record CountItem(string Name, long Count);

    private sealed record InstancesItem(long Configured, long Active, long Down, IReadOnlyList<CountItem> ByStatus);

    private sealed record MessagesItem(long? Sent, long? Received, IReadOnlyList<CountItem> ByType);

    private sealed record RateItem(string Target, string What, double Percent);

    private sealed record ContainerItem(string Target, double? CpuPercent, double? CpuLimitPercent, double? MemoryBytes, double? MemoryPercent);

    private sealed record ErrorItem(string Target, string Type, long Count);

    private sealed record DashboardItem(
        InstancesItem? Instances, MessagesItem? Messages, IReadOnlyList<RateItem> ErrorRates, IReadOnlyList<ContainerItem> Containers, IReadOnlyList<CountItem> WebhookEvents, IReadOnlyList<ErrorItem> Errors,
        IReadOnlyList<string> Unknown);

    private sealed record SeriesItem(string Metric, string Subject, DateTimeOffset At, double Value);
}
