using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops findings`: what is wrong, why, and the remedy; and what a person says about it.</summary>
internal static class FindingsCommand
{
    public static Command Create()
    {
        var command = new Command("findings", "What is wrong, why, and what would fix it");
        var api = ApiOptions.AddTo(command);
        command.AddDefault(List(api));
        command.Subcommands.Add(Show(api));
        command.Subcommands.Add(Change(api, "ack", "You have it: no reminders, but a worse severity is told"));
        command.Subcommands.Add(Silence(api));
        command.Subcommands.Add(WithReason(api, "accept", "Known and accepted, with a reason"));
        command.Subcommands.Add(WithReason(api, "close", "Close by hand, with a reason"));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant (exact slug)" };
        var all = new Option<bool>("--all") { Description = "Closed ones too" };
        var command = new Command("list", "Open findings, the worst first") { system, tenant, all };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var path = new Query("api/findings").Add("system", parsed.GetValue(system)).Add("tenant", parsed.GetValue(tenant))
                .Add("includeClosed", parsed.GetValue(all) ? "true" : null);
            var findings = await client.ListAsync<FindingView>(HttpMethod.Get, path.ToString(), cancellation);
            FindingViews.Print(findings);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var id = Id();
        var command = new Command("show", "One finding with its evidence") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            FindingViews.PrintOne(await client.GetAsync<FindingView>($"api/findings/{parsed.GetValue(id)}", cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Silence(ApiOptions api)
    {
        var id = Id();
        var length = new Option<string>("--for") { Description = "How long: 30m, 2h, 1d", Required = true };
        var reason = new Option<string?>("--reason") { Description = "Why" };
        var command = new Command("silence", "Do not tell about it for a while") { id, length, reason };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var until = DateTimeOffset.UtcNow + Durations.Parse(parsed.GetValue(length)!);
            Print(await client.PostAsync<FindingView>(
                $"api/findings/{parsed.GetValue(id)}/silence", new { until, reason = parsed.GetValue(reason) }, cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command WithReason(ApiOptions api, string verb, string description)
    {
        var reason = new Option<string>("--reason") { Description = "Why", Required = true };
        return Change(api, verb, description, reason);
    }

    private static Command Change(ApiOptions api, string verb, string description, Option<string>? reason = null)
    {
        var id = Id();
        var command = new Command(verb, description) { id };
        if (reason is not null) command.Options.Add(reason);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            object? body = reason is null ? null : new { reason = parsed.GetValue(reason) };
            Print(await client.PostAsync<FindingView>($"api/findings/{parsed.GetValue(id)}/{verb}", body, cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<long> Id() => new("id") { Description = "Number of the finding" };

    private static void Print(FindingView finding) => Terminal.Line($"Finding {finding.Id} ({finding.Kind}) is {finding.State}.");
}
