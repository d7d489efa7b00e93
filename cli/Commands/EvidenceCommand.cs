using System.CommandLine;
using System.Security.Cryptography;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops watch evidence`: what a forensic analysis needs of a system, before it is gone.</summary>
internal static class EvidenceCommand
{
    public static Command Create(ApiOptions api)
    {
        var system = new Argument<string>("system") { Description = "The system" };
        var since = new Option<string>("--since") { Description = "How far back: 30m, 2h, 1d, at most 7d", DefaultValueFactory = _ => "2h" };
        var reason = new Option<string?>("--reason") { Description = "Why, for the manifest and the audit trail" };
        var id = new Option<string?>("--get") { Description = "Collect nothing: fetch this one, which was collected before" };
        var output = new Option<string?>("--out") { Description = "Write the archive to this file, too" };
        var command = new Command("evidence", "Collect logs, containers, samples, findings and runs of a system as one archive that is written once (role operator)") { system, since, reason, id, output };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var path = $"api/watch/{Uri.EscapeDataString(parsed.GetValue(system)!)}/evidence";
            var file = parsed.GetValue(output);
            if (parsed.GetValue(id) is { } known)
            {
                await SaveAsync(client, path, known, null, file ?? throw new CliProblem("--get needs --out.", "say which file the archive is written to"), cancellation);
                return ExitCode.Ok;
            }

            var manifest = await client.PostAsync<ManifestView>(path, new { since = DateTimeOffset.UtcNow - Durations.Parse(parsed.GetValue(since)!), reason = parsed.GetValue(reason) }, cancellation);
            Terminal.Table(["part", "outcome", "bytes", "what it is"], manifest.Parts.Select(part => (string[])[part.Name, part.Outcome, $"{part.Bytes}", part.Words]));
            Terminal.Line($"{manifest.Path}: {manifest.Bytes} bytes, SHA-256 {manifest.Sha256}{(manifest.IsHeld ? ", under a legal hold" : "")}");
            if (file is not null) await SaveAsync(client, path, manifest.Id, manifest.Sha256, file, cancellation);
            else Terminal.Line($"To have it here: whatsops watch evidence {manifest.System} --get {manifest.Id} --out evidence.tar.gz");
            return manifest.Parts.Any(part => part.Sha256 is null) ? ExitCode.Problem : ExitCode.Ok;
        });
        return command;
    }

    private static async Task SaveAsync(ApiClient client, string path, string id, string? expected, string file, CancellationToken cancellation)
    {
        var archive = await client.GetBytesAsync($"{path}/{Uri.EscapeDataString(id)}", cancellation);
        var hash = Convert.ToHexStringLower(SHA256.HashData(archive));
        if (expected is not null && hash != expected) throw new CliProblem($"The archive that came has SHA-256 {hash}, another one than its manifest.", "fetch it again; if it stays so, it was changed in storage");
        await File.WriteAllBytesAsync(file, archive, cancellation);
        Terminal.Line($"{file} is written, SHA-256 {hash}.");
    }

    private sealed record ManifestView(string Id, string System, string Path, long Bytes, string Sha256, bool IsHeld, IReadOnlyList<PartView> Parts);

    private sealed record PartView(string Name, string Outcome, string Words, long Bytes, string? Sha256);
}
