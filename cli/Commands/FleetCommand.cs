using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops fleet`: the fleet file in force, its versions, and a new one.</summary>
internal static class FleetCommand
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var command = new Command("fleet", "What WhatsOps operates: show, validate and apply the fleet file");
        var api = ApiOptions.AddTo(command);
        command.Subcommands.Add(Send(api, "apply", "Validate a fleet file and put it in force", HttpMethod.Put, "api/fleet", "in force"));
        command.Subcommands.Add(Send(api, "validate", "Say every problem of a fleet file with its JSON path", HttpMethod.Post, "api/fleet/validate", "valid"));
        command.Subcommands.Add(Show(api));
        command.Subcommands.Add(Versions(api));
        return command;
    }

    private static Command Send(ApiOptions api, string verb, string description, HttpMethod method, string path, string success)
    {
        var file = new Argument<FileInfo>("file") { Description = "The fleet file (JSON)" };
        file.AcceptExistingOnly();
        var command = new Command(verb, description) { file };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var json = await File.ReadAllTextAsync(parsed.GetValue(file)!.FullName, cancellation);
            var answer = await client.SendTextAsync(method, path, json, cancellation);
            var problems = Problems(answer);
            if (problems.Count == 0)
            {
                var version = answer is JsonObject made && made["version"] is { } number ? $" as version {number}" : "";
                Terminal.Line($"{parsed.GetValue(file)!.Name} is {success}{version}.");
                return ExitCode.Ok;
            }

            Terminal.Table(["path", "problem", "fix"], problems);
            return ExitCode.Problem;
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var command = new Command("show", "The fleet file in force, ready to edit and apply again; secrets are references");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var shown = await client.GetAsync<ShownFleet>("api/fleet", cancellation);
            // The file alone on standard output: redirected, it is what apply takes.
            Terminal.Error($"Version {shown.Version}, applied {Terminal.Time(shown.AppliedAt)} by {shown.AppliedBy}.");
            if (shown.LeftOut is { Count: > 0 } leftOut)
                Terminal.Error($"Left out, for approvers only: {string.Join(", ", leftOut)}. An approver must show it to apply it again.");
            Console.WriteLine(shown.Document.ToJsonString(Readable));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Versions(ApiOptions api)
    {
        var command = new Command("versions", "Who put which version in force, and when");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var versions = await client.ListAsync<FleetVersionView>(HttpMethod.Get, "api/fleet/versions", cancellation);
            Terminal.Table(["version", "applied", "by"], versions.Select(version => (string[])
                [version.Version.ToString(CultureInfo.InvariantCulture), Terminal.Time(version.AppliedAt), version.AppliedBy ?? ""]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static List<string[]> Problems(JsonNode answer)
    {
        var list = answer is JsonObject whole ? whole["problems"] as JsonArray : null;
        return [.. (list ?? []).OfType<JsonObject>().Select(problem => (string[])
            [$"{problem["path"] ?? problem["field"]}", $"{problem["problem"] ?? problem["message"] ?? problem["error"]}", $"{problem["fix"]}"])];
    }

    private sealed record ShownFleet(long Version, DateTimeOffset? AppliedAt, string? AppliedBy, IReadOnlyList<string>? LeftOut, JsonNode Document);

    private sealed record FleetVersionView(long Version, DateTimeOffset? AppliedAt, string? AppliedBy);
}
