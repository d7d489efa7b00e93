using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops erase --phone`: a person's data goes, for good.</summary>
internal static class EraseCommand
{
    public static Command Create()
    {
        var phone = new Option<string>("--phone") { Description = "The number with country code, like 5511999990000", Required = true };
        var system = new Option<string?>("--system") { Description = "Only this system; all of them when absent" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only count" };
        var command = new Command("erase", "Erase a person's data from the event log, for good (role approver)") { phone, system, dryRun };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var erasure = await client.PostAsync<ErasureView>(
                "api/privacy/erase", new { phone = parsed.GetValue(phone), system = parsed.GetValue(system), dryRun = parsed.GetValue(dryRun) }, cancellation);
            var where = erasure.Systems.Count == 0 ? "" : $" (in {string.Join(", ", erasure.Systems)})";
            Terminal.Line($"{(erasure.DryRun ? "Would erase" : "Erased")}: {erasure.Bodies} bodies, marks on {erasure.Events} events, {erasure.Deliveries} deliveries not sent yet{where}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record ErasureView(bool DryRun, IReadOnlyList<string> Systems, long Events, long Bodies, long Deliveries);
}
