using System.CommandLine;
using System.Text.Json.Nodes;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops runbooks`: what was repaired, what waits for a yes, and asking for a repair.</summary>
internal static class RunbooksCommand
{
    public static Command Create()
    {
        var command = new Command("runbooks", "Repairs: ask for one, approve it, watch it");
        var api = ApiOptions.AddTo(command);
        command.AddDefault(List(api));
        command.Subcommands.Add(Show(api));
        command.Subcommands.Add(Ask(api));
        command.Subcommands.Add(Approve(api));
        command.Subcommands.Add(Cancel(api));
        command.Subcommands.Add(Qr(api));
        command.Subcommands.Add(Link(api));
        command.Subcommands.Add(Catalogue(api));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant (exact slug)" };
        var command = new Command("list", "Runs, the newest first") { system, tenant };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var path = new Query("api/runbooks").Add("system", parsed.GetValue(system)).Add("tenant", parsed.GetValue(tenant));
            RunViews.PrintRuns(await client.ListAsync<RunView>(HttpMethod.Get, path.ToString(), cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Show(ApiOptions api)
    {
        var id = Id();
        var command = new Command("show", "One run: its plan, its steps, its evidence") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var run = await client.GetAsync<RunView>($"api/runbooks/{parsed.GetValue(id)}", cancellation);
            await RunRequests.PrintPlanAsync(client, run, cancellation);
            RunViews.PrintRun(run);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Ask(ApiOptions api)
    {
        var runbook = new Argument<string>("runbook") { Description = "Name of the runbook, see whatsops runbooks catalogue" };
        var system = new Option<string>("--system") { Description = "The system", Required = true };
        var tenant = new Option<string?>("--tenant") { Description = "Exact slug of the tenant" };
        var gateway = new Option<string?>("--gateway") { Description = "Name of the gateway, for runbooks about a whole one" };
        var set = new Option<string[]>("--set") { Description = "A parameter of the runbook, NAME=VALUE; may be repeated" };
        var reason = new Option<string>("--reason") { Description = "Why, for the audit trail", DefaultValueFactory = _ => "asked for by whatsops runbooks" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only show the exact calls it would make" };
        var command = new Command("run", "Ask for a run; a destructive one waits for another person's approval") { runbook, system, tenant, gateway, set, reason, dryRun };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var body = new
            {
                system = parsed.GetValue(system), tenant = parsed.GetValue(tenant), gateway = parsed.GetValue(gateway), reason = parsed.GetValue(reason),
                parameters = Parameters(parsed.GetValue(set) ?? []),
            };
            await RunRequests.AskAsync(client, parsed.GetValue(runbook)!, body, parsed.GetValue(dryRun), cancellation);
            return ExitCode.Ok;
        });
        return command;
    }

    private static Dictionary<string, string> Parameters(string[] given) => given
        .Select(text => text.Split('=', 2) is [{ Length: > 0 } name, var value] ? (name, value) : throw new CliProblem($"--set {text} has no value.", "write --set NAME=VALUE"))
        .GroupBy(pair => pair.name).ToDictionary(pairs => pairs.Key, pairs => pairs.Last().value);

    private static Command Approve(ApiOptions api)
    {
        var id = Id();
        var command = new Command("approve", "Say yes to the plan of a run that somebody else asked for") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            // The hash is of the plan shown here: what changed since is refused.
            var run = parsed.GetValue(id);
            var planned = await client.GetAsync<PlannedView>($"api/runbooks/{run}/plan", cancellation);
            RunViews.PrintPlan(planned.Plan, planned.PlanHash);
            await client.PostAsync<JsonNode>($"api/runbooks/{run}/approve", new { planHash = planned.PlanHash }, cancellation);
            Terminal.Line($"Approved. Watch it with ./whatsops runbooks show {run}");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Cancel(ApiOptions api)
    {
        var id = Id();
        var command = new Command("cancel", "Stop a run before its point of no return; what it did is taken back") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            await client.PostAsync<JsonNode>($"api/runbooks/{parsed.GetValue(id)}/cancel", null, cancellation);
            Terminal.Line("Asked to stop.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Qr(ApiOptions api)
    {
        var id = Id();
        var command = new Command("qr", "Show the QR code a run waits for, to be scanned with the tenant's phone") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            Console.WriteLine(await client.GetTextAsync($"api/runbooks/{parsed.GetValue(id)}/qr", cancellation));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Link(ApiOptions api)
    {
        var id = Id();
        var command = new Command("link", "Make a link with which the tenant's own staff pairs the phone, without an account") { id };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var link = await client.PostAsync<LinkView>($"api/runbooks/{parsed.GetValue(id)}/link", null, cancellation);
            // Alone on its line, to be copied; it is not shown again.
            Console.WriteLine(link.Url);
            Terminal.Line($"Good until {Terminal.Time(link.ExpiresAt)} or until the phone is paired. Whoever has it can pair a phone: send it to the tenant only.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Catalogue(ApiOptions api)
    {
        var command = new Command("catalogue", "The runbooks there are");
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var runbooks = await client.ListAsync<RunbookView>(HttpMethod.Get, "api/runbooks/catalogue", cancellation);
            Terminal.Table(["runbook", "version", "what it does"], runbooks.Select(book => (string[])[book.Name, $"{book.Version}", book.Summary]));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Argument<Guid> Id() => new("id") { Description = "Id of the run" };

    private sealed record LinkView(string Url, DateTimeOffset ExpiresAt);

    private sealed record RunbookView(string Name, int Version, string Summary);
}
