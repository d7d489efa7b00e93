using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops restore`: asks for the run that puts a part of a backup set back; another person approves it.</summary>
internal static class RestoreCommand
{
    public static Command Create()
    {
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var set = new Option<Guid?>("--set") { Description = "Id of the backup set; absent: the newest complete one" };
        var part = new Option<string?>("--part") { Description = "The part: a database, Redis keys or files; absent: the only database" };
        var into = new Option<string?>("--into") { Description = "Restore the database beside the old one under this new name, and replace nothing" };
        var unsafely = new Option<bool>("--without-safety-backup") { Description = "Do not back up what there is first (databases only: the old one is kept anyway)" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail", DefaultValueFactory = _ => "asked for by whatsops restore" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the plan" };
        var command = new Command("restore", "Put a part of a backup set back; another person must approve it") { system, set, part, into, unsafely, reason, dryRun };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var from = await SetAsync(client, parsed.GetValue(system)!, parsed.GetValue(set), cancellation);
            var isDatabase = parsed.GetValue(part) is not { } name || from.Manifest?.Parts.FirstOrDefault(one => one.Name == name) is null or { Kind: "postgres" };
            var parameters = new Dictionary<string, string> { ["set"] = from.Id.ToString() };
            if (parsed.GetValue(part) is { } wanted) parameters["part"] = wanted;
            if (parsed.GetValue(into) is { } beside) parameters["into"] = beside;
            if (parsed.GetValue(unsafely)) parameters["safety"] = "no";
            var body = new { system = parsed.GetValue(system), reason = parsed.GetValue(reason), parameters };
            await RunRequests.AskAsync(client, isDatabase ? "restore-database" : "restore-part", body, parsed.GetValue(dryRun), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<BackupView> SetAsync(ApiClient client, string system, Guid? id, CancellationToken cancellation) => id is { } known
        ? await client.GetAsync<BackupView>($"api/backups/{known}", cancellation)
        : await client.ListAsync<BackupView>(HttpMethod.Get, new Query("api/backups").Add("system", system).Add("state", "complete").Add("limit", "1").ToString(), cancellation) is [var newest, ..] ? newest
            : throw new CliProblem($"There is no complete backup set of {system}.", "make one: whatsops backup, or look for manifests in storage: whatsops backups rebuild");
}
