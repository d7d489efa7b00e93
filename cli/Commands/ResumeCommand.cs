using System.CommandLine;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops resume [system]`: takes a pause back.</summary>
internal static class ResumeCommand
{
    public static Command Create()
    {
        var system = new Argument<string?>("system") { Description = "The system that was paused; without it the pause of everything", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("resume", "Let WhatsOps act again") { system };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var name = parsed.GetValue(system);
            await client.PostAsync<JsonNode>("api/resume", new { system = name }, cancellation);
            Terminal.Line($"{name ?? "Everything"} may act again.");
            return ExitCode.Ok;
        });
        return command;
    }
}
