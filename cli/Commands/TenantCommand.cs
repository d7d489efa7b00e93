using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops tenant NAME`: everything that happened to one tenant on one line of time.</summary>
internal static class TenantCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "Exact slug of the tenant" };
        var system = new Option<string?>("--system") { Description = "The system it belongs to; not needed when the fleet has one" };
        var limit = new Option<int>("--limit") { Description = "Newest entries to show", DefaultValueFactory = _ => 50 };
        var command = new Command("tenant", "One tenant's timeline: states, findings, gateway calls, runs") { name, system, limit };
        var api = ApiOptions.AddTo(command);
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var chosen = parsed.GetValue(system) ?? await OnlySystemAsync(client, cancellation);
            var path = $"api/tenants/{Uri.EscapeDataString(chosen)}/{Uri.EscapeDataString(parsed.GetValue(name)!)}/timeline?limit={parsed.GetValue(limit)}";
            var timeline = await client.GetAsync<TimelineView>(path, cancellation);
            Terminal.Line($"{timeline.System}/{timeline.Tenant}: {timeline.Summary}");
            // Newest last: the end of the story stands where the reader's eyes are.
            Terminal.Table(["time", "what", "detail"], timeline.Entries.Reverse().Select(entry => (string[])[Terminal.Time(entry.At), entry.What, entry.Detail]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static async Task<string> OnlySystemAsync(ApiClient client, CancellationToken cancellation)
    {
        var systems = await client.ListAsync<SystemView>(HttpMethod.Get, "api/systems", cancellation);
        return systems is [var only]
            ? only.Name
            : throw new CliProblem($"The fleet has {systems.Count} systems.", $"say which with --system: {string.Join(", ", systems.Select(system => system.Name))}");
    }

    private sealed record SystemView(string Name);

    private sealed record TimelineView(string System, string Tenant, string Summary, IReadOnlyList<EntryView> Entries);

    private sealed record EntryView(DateTimeOffset At, string What, string Detail);
}
