using System.Globalization;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;

namespace WhatsOps.Cli.Up;

/// <summary>A backup of the product's database and of WhatsOps' own, and its proof: both are restored beside the real ones, and every table is counted.</summary>
internal sealed class FirstBackup(ApiClient requester, Progress progress)
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(300);

    public async Task RunAsync(CancellationToken cancellation)
    {
        var set = await requester.PostAsync<BackupView>("api/backups", new { system = SimulatedFleet.System }, cancellation);
        for (; set.IsRunning; set = await requester.GetAsync<BackupView>($"api/backups/{set.Id}", cancellation)) await Task.Delay(Pace, cancellation);
        if (!set.IsComplete) throw new CliProblem($"The backup was not made: {set.Problem}", "look at the host's log");
        progress.Say(string.Create(
            CultureInfo.InvariantCulture,
            $"Set {set.Id}: {string.Join(", ", set.Manifest!.Parts.Select(part => part.Name))}; {(set.Bytes ?? 0) / 1e6:N1} MB compressed, encrypted, stored and read back"));

        var test = await requester.PostAsync<JsonNode>("api/routines/restore-test", new { system = SimulatedFleet.System }, cancellation);
        var summary = test["summary"]?.GetValue<string>() ?? "";
        if (test["outcome"]?.GetValue<string>() != "done") throw new CliProblem($"The backup is not proven: {summary}", "look at the host's log");
        progress.Say(summary);
    }
}
