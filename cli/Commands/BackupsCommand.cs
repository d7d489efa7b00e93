using System.CommandLine;
using System.Globalization;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops backups`: the catalogue, holds, the hash check, retention and the rebuild.</summary>
internal static class BackupsCommand
{
    public static Command Create()
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var state = new Option<string?>("--state") { Description = "running, complete, failed or deleted" };
        var limit = new Option<int?>("--limit") { Description = "At most so many; absent: 50" };
        var command = new Command("backups", "Backup sets, the newest first") { system, state, limit };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var query = new Query("api/backups").Add("system", parsed.GetValue(system)).Add("state", parsed.GetValue(state)).Add("limit", parsed.GetValue(limit)?.ToString(CultureInfo.InvariantCulture));
            var sets = await client.ListAsync<BackupView>(HttpMethod.Get, query.ToString(), cancellation);
            Terminal.Table(["set", "system", "at", "state", "MB", "held by", "how"], sets.Select(set => (string[])
                [set.Id.ToString(), set.System, $"{set.RequestedAt.LocalDateTime:yyyy-MM-dd HH:mm}", set.State.ToLowerInvariant(), string.Create(CultureInfo.InvariantCulture, $"{set.Bytes / 1e6:N1}"), set.HeldBy ?? "-", set.Words]));
            return ExitCode.Ok;
        });
        command.Subcommands.Add(Act(api, "verify", "Read every stored byte of a set back and compare", set => $"Every stored byte of {set.Id} is what was sent."));
        command.Subcommands.Add(Act(api, "hold", "Keep a set until it is released", set => $"{set.Id} is held by {set.HeldBy}."));
        command.Subcommands.Add(Act(api, "release", "Let retention have a set again", set => $"{set.Id} is released."));
        command.Subcommands.Add(Fleet(api));
        command.Subcommands.Add(ConfirmKey(api));
        command.Subcommands.Add(Prune(api));
        command.Subcommands.Add(Rebuild(api));
        return command;
    }

    private static Command Act(ApiOptions api, string verb, string description, Func<BackupView, string> done)
    {
        var id = new Argument<Guid>("set") { Description = "Id of the set" };
        var command = new Command(verb, description) { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            Terminal.Line(done(await client.PostAsync<BackupView>($"api/backups/{parsed.GetValue(id)}/{verb}", null, cancellation)));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Fleet(ApiOptions api)
    {
        var id = new Argument<Guid>("set") { Description = "Id of the set" };
        var command = new Command("fleet", "Print the fleet file that was in force when a set was made") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            Console.WriteLine(await client.GetTextAsync($"api/backups/{parsed.GetValue(id)}/fleet", cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command ConfirmKey(ApiOptions api)
    {
        var file = new Argument<FileInfo>("copy") { Description = "The copy of the data key file, on the medium that you keep elsewhere" };
        var command = new Command("confirm-key", "Prove that a copy of the data key exists off the machine; the key itself is not sent") { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            var copy = parsed.GetValue(file)!;
            if (!copy.Exists) throw new CliProblem($"There is no file {copy.FullName}.", "give the path of the copy");
            // The last line encrypts.
            var line = (await File.ReadAllLinesAsync(copy.FullName, cancellation)).Select(text => text.Trim()).LastOrDefault(text => text is [not '#', ..]);
            var key = new byte[32];
            if (line is null || !Convert.TryFromBase64String(line, key, out var length) || length != key.Length) throw new CliProblem($"{copy.FullName} holds no data key.", "copy the whole data key file");
            using var client = api.Connect(parsed);
            await client.PostAsync<System.Text.Json.Nodes.JsonNode>("api/backups/key-copy", new { sha256 = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(key)) }, cancellation);
            Terminal.Line("It is a copy of the key that encrypts now. Keep it away from this machine.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Prune(ApiOptions api)
    {
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Tell only" };
        var command = new Command("prune", "Delete the sets whose time is over") { system, dryRun };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var verdicts = await client.PostAsync<List<Verdict>>($"api/backups/prune{(parsed.GetValue(dryRun) ? "?dryRun=true" : "")}", new { system = parsed.GetValue(system) }, cancellation);
            Terminal.Table(["set", "at", "verdict"], verdicts.Select(verdict => (string[])
                [verdict.Id.ToString(), $"{verdict.RequestedAt.LocalDateTime:yyyy-MM-dd HH:mm}", verdict.Reason is { } reason ? $"kept: {reason}" : parsed.GetValue(dryRun) ? "would be deleted" : "deleted"]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Rebuild(ApiOptions api)
    {
        var command = new Command("rebuild", "Rebuild the catalogue from the manifests in storage");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var rebuilt = await client.PostAsync<Rebuilt>("api/backups/rebuild", null, cancellation);
            Terminal.Line($"{rebuilt.Restored} sets put back, {rebuilt.Known} were known, {rebuilt.Unreadable.Count} manifests cannot be read.");
            foreach (var path in rebuilt.Unreadable) Terminal.Line($"  {path}");
            return ExitCode.Ok;
        });
        return command;
    }

    private sealed record Verdict(Guid Id, DateTimeOffset RequestedAt, string? Reason);

    private sealed record Rebuilt(int Restored, int Known, IReadOnlyList<string> Unreadable);
}
