using System.CommandLine;
using WhatsOps.Cli.Api;
using WhatsOps.Cli.Output;

namespace WhatsOps.Cli.Commands;

/// <summary>`whatsops deliveries`: what the products got, wait for, and will not get; and giving it to them again.</summary>
internal static class DeliveriesCommand
{
    public static Command Create()
    {
        var command = new Command("deliveries", "Events on their way to the products: waiting, given up, delivered");
        var api = ApiOptions.AddTo(command);
        command.AddDefault(List(api));
        command.Subcommands.Add(Replay(api));
        command.Subcommands.Add(Backfill(api));
        return command;
    }

    private static Command List(ApiOptions api)
    {
        var system = new Option<string?>("--system") { Description = "Only this system" };
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant (exact slug)" };
        var state = new Option<string?>("--state") { Description = "pending, dead or delivered" };
        state.AcceptOnlyFromAmong("pending", "dead", "delivered");
        var limit = new Option<int>("--limit") { Description = "Newest to show", DefaultValueFactory = _ => 50 };
        var command = new Command("list", "Deliveries, the newest first") { system, tenant, state, limit };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var path = new Query("api/deliveries").Add("system", parsed.GetValue(system)).Add("tenant", parsed.GetValue(tenant))
                .Add("state", parsed.GetValue(state)).Add("limit", $"{parsed.GetValue(limit)}");
            var page = await client.GetAsync<DeliveriesView>(path.ToString(), cancellation);
            if (page.Deliveries.Count == 0) Terminal.Line("No deliveries.");
            else Terminal.Table(["event", "arrived", "tenant", "kind", "state", "tries", "what happened"], page.Deliveries.Select(Row));
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Replay(ApiOptions api)
    {
        var system = new Option<string>("--system") { Description = "The system whose product gets them", Required = true };
        var tenant = new Option<string?>("--tenant") { Description = "Only this tenant (exact slug)" };
        var ids = new Option<Guid[]>("--id") { Description = "Only this event; may be given several times" };
        var from = new Option<DateTimeOffset?>("--from") { Description = "Arrived at or after, e.g. 2026-01-31T08:00Z" };
        var to = new Option<DateTimeOffset?>("--to") { Description = "Arrived before; now when left out" };
        var onlyDead = new Option<bool>("--only-dead") { Description = "Only what was given up" };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say how many" };
        var command = new Command("replay", "Deliver stored events again, as long as their bodies are kept") { system, tenant, ids, from, to, onlyDead, dryRun };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var body = new
            {
                system = parsed.GetValue(system), tenant = parsed.GetValue(tenant), ids = parsed.GetValue(ids) is { Length: > 0 } named ? named : null,
                from = parsed.GetValue(from), to = parsed.GetValue(to), onlyDead = parsed.GetValue(onlyDead),
            };
            var answer = await client.PostAsync<ReplayView>("api/deliveries/replay" + (parsed.GetValue(dryRun) ? "?dryRun=true" : ""), body, cancellation);
            Terminal.Line($"{answer.Events} events {(answer.DryRun ? "would be" : "will be")} delivered again.");
            if (answer.WithoutBody > 0) Terminal.Line($"{answer.WithoutBody} more cannot be: their bodies are not kept any more.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static Command Backfill(ApiOptions api)
    {
        var system = new Option<string>("--system") { Description = "The system of the tenant", Required = true };
        var tenant = new Option<string>("--tenant") { Description = "Exact slug of the tenant", Required = true };
        var from = new Option<DateTimeOffset>("--from") { Description = "Written at or after, e.g. 2026-01-31T08:00Z", Required = true };
        var to = new Option<DateTimeOffset>("--to") { Description = "Written at or before", Required = true };
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say how many" };
        var command = new Command("backfill", "Take messages whose webhooks were lost from the gateway's store, and deliver them") { system, tenant, from, to, dryRun };
        command.SetAction(async (parsed, cancellation) =>
        {
            using var client = api.Connect(parsed);
            var body = new { system = parsed.GetValue(system), tenant = parsed.GetValue(tenant), from = parsed.GetValue(from), to = parsed.GetValue(to) };
            var answer = await client.PostAsync<BackfillView>("api/events/backfill" + (parsed.GetValue(dryRun) ? "?dryRun=true" : ""), body, cancellation);
            Terminal.Line($"{answer.Missing} of {answer.Compared} messages in the store of {answer.Gateway} never came{(answer.DryRun ? "." : $"; {answer.Stored} are stored now and on their way.")}");
            if (answer.Problem is not null) Terminal.Line($"Not everything could be looked at: {answer.Problem}.");
            return ExitCode.Ok;
        });
        return command;
    }

    private static string[] Row(DeliveryView delivery) =>
    [
        $"{delivery.EventId}", Terminal.Time(delivery.ReceivedAt), $"{delivery.System}/{delivery.Tenant}", delivery.Event,
        delivery.State + (delivery.IsReplay ? " (replay)" : delivery.IsBackfill ? " (backfill)" : ""), $"{delivery.Attempts}", What(delivery),
    ];

    private static string What(DeliveryView delivery) => delivery.State switch
    {
        "delivered" => $"at {Terminal.Time(delivery.SettledAt)}",
        "dead" => delivery.LastError + (delivery.HasBody ? "" : "; its body is gone, so it cannot be replayed"),
        _ => $"{delivery.LastError ?? "not tried yet"}; next {Terminal.Time(delivery.NextAttemptAt)}",
    };
}
