using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops doctor`: the fleet file against reality, each problem with its fix.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Check every endpoint of the fleet: reachability, key, permissions, version, clock");
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var checks = await client.ListAsync<DoctorCheck>(HttpMethod.Post, "api/doctor", cancellation);
            Terminal.Table(["", "system", "target", "check", "detail", "fix"], checks.Select(check => (string[])
                [check.Status, check.System ?? "", check.Target ?? "", check.Check ?? "", check.Detail ?? "", check.Fix ?? ""]));
            var bad = checks.Count(check => !check.Ok);
            var warnings = checks.Count(check => check.Status == "warning");
            Terminal.Line($"{checks.Count} checks: {bad} failed, {warnings} warnings.");
            return bad == 0 ? ExitCode.Ok : ExitCode.Problem;
        });
        return command;
    }

    internal sealed record DoctorCheck(string Status, bool Ok, string? System, string? Target, string? Check, string? Detail, string? Fix);
}
