using System.CommandLine;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops pause [system]`: nothing acts any more, everything still observes.</summary>
internal static class PauseCommand
{
    public static Command Create()
    {
        var system = new Argument<string?>("system") { Description = "One system of the fleet; all of them when absent", Arity = ArgumentArity.ZeroOrOne };
        var reason = new Option<string?>("--reason") { Description = "Why, for whoever wonders later" };
        var list = new Option<bool>("--list") { Description = "Only show what is paused" };
        var command = new Command("pause", "Stop all acting within 10 seconds; observing goes on") { system, reason, list };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            if (!parsed.GetValue(list))
                await client.PostAsync<JsonNode>("api/pause", new { system = parsed.GetValue(system), reason = parsed.GetValue(reason) }, cancellation);
            var pauses = await client.ListAsync<PauseView>(HttpMethod.Get, "api/pause", cancellation);
            Terminal.Table(["paused", "by", "since", "reason"], pauses.Select(pause => (string[])
                [pause.System == "*" ? "everything" : pause.System ?? "", pause.By ?? "", Terminal.Time(pause.Since), pause.Reason ?? ""]));
            return ExitCode.Ok;
        });
        return command;
    }

    internal sealed record PauseView(string? System, string? By, string? Reason, DateTimeOffset? Since);
}
