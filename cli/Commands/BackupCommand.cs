using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops backup`: makes a set now and tells how far it is until it is over.</summary>
internal static class BackupCommand
{
    private static readonly TimeSpan Pace = TimeSpan.FromSeconds(1);

    public static Command Create()
    {
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var command = new Command("backup", "Make a backup set now") { system };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var set = await client.PostAsync<BackupView>("api/backups", new { system = parsed.GetValue(system) }, cancellation);
            Terminal.Line($"Set {set.Id} of {set.System} is being made.");
            for (string? told = null; set.IsRunning; set = await client.GetAsync<BackupView>($"api/backups/{set.Id}", cancellation))
            {
                if (set.Progress is { } progress && progress.Words != told) Terminal.Line(told = progress.Words);
                await Task.Delay(Pace, cancellation);
            }

            if (!set.IsComplete) throw new CliProblem(set.Problem ?? $"The set ended as {set.State}.", $"whatsops backups --system {set.System} lists what there is");
            Terminal.Line($"Complete: {(set.Bytes ?? 0) / 1e6:N1} MB stored. Prove it: whatsops routines run restore-test --system {set.System}");
            return ExitCode.Ok;
        });
        return command;
    }
}
