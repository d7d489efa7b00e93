using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops sweep`: looks at every gateway and every tenant now, instead of within five minutes.</summary>
internal static class SweepCommand
{
    public static Command Create()
    {
        var command = new Command("sweep", "Look at every gateway and every tenant now; exit code 1 when something was not seen to its end");
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var report = await client.PostAsync<ReportView>("api/sweeps", null, cancellation);
            Terminal.Table(["system", "status", "tenants", "findings", "not seen"], report.Systems.Select(system => (string[])
                [system.System, system.OverallStatus, $"{system.Tenants.Count}", $"{system.Issues.Count}", system.Error ?? string.Join(", ", system.Unfinished)]));
            Terminal.Line($"{report.Systems.Count} systems, {report.OverallStatus}: {report.Systems.Sum(system => system.Issues.Count)} findings. ./whatsops findings shows them.");
            if (report.Complete) return ExitCode.Ok;
            Terminal.Problem("The sweep is not complete: what it did not see is neither well nor ill.", "./whatsops doctor says what does not answer");
            return ExitCode.Problem;
        });
        return command;
    }

    internal sealed record ReportView(string OverallStatus, bool Complete, IReadOnlyList<SystemView> Systems);

    /// <param name="Error">The check's own failure; null where there was none.</param>
    internal sealed record SystemView(
        string System, string OverallStatus, IReadOnlyList<object> Tenants, IReadOnlyList<object> Issues, IReadOnlyList<string> Unfinished, string? Error = null);
}
