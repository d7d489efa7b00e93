using System.Globalization;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Deliveries over HTTP: viewers read, operators replay, every replay is audited.</summary>
public sealed class DeliveryApi(IServiceProvider services, IOperators operators, IFleet fleet, IAuditTrail audit)
{
    [Function("ListDeliveries")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "deliveries")] HttpRequest request, CancellationToken cancellation)
    {
        await operators.RequireAsync(request, OperatorRole.Viewer, cancellation);
        var deliveries = await services.GetRequiredService<DeliveryHistory>().ListAsync(
            EventRequests.Text(request, "system"), EventRequests.Text(request, "tenant"), State(request), EventRequests.Cursor(request), EventRequests.Limit(request), cancellation);
        return new OkObjectResult(new DeliveryPage(deliveries, deliveries.Count > 0 ? deliveries[^1].EventId.ToString() : null));
    }

    [Function("ReplayDeliveries")]
    public async Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "deliveries/replay")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var asked = await ReplayRequest.ReadAsync(request, cancellation);
        var system = (await fleet.CurrentAsync(cancellation))?.System(asked.System!)
            ?? throw new ProblemException(404, $"The fleet has no system {asked.System}.", "$.system", "List them: whatsops fleet show.");
        if (!system.Webhook.Forwards())
            throw new ProblemException(409, $"System {system.Name} forwards nothing.", "$.system", "Set webhook.deliverTo to the product's endpoint in the fleet file.");
        var replay = services.GetRequiredService<DeliveryReplay>();
        if (EventRequests.Text(request, "dryRun") is "true" or "1")
        {
            var count = await replay.CountAsync(asked, cancellation);
            return new OkObjectResult(new Replayed(true, count.Events, count.WithoutBody) { Max = DeliveryReplay.MaxEvents });
        }

        var replayed = await replay.ReplayAsync(asked, cancellation);
        await audit.RecordAsync(caller.Name, "delivery.replay", system.Name, asked.Tenant, Words(asked, replayed), cancellation);
        return new OkObjectResult(new Replayed(false, replayed.Events, replayed.WithoutBody));
    }

    private static string Words(ReplayRequest asked, ReplayCount count) => string.Create(
        CultureInfo.InvariantCulture,
        $"{count.Events} events{(asked.Ids is { } ids ? $" of {ids.Count} named" : "")}{(asked.From is { } from ? $" from {from.UtcDateTime:u}" : "")}{(asked.To is { } to ? $" to {to.UtcDateTime:u}" : "")}{(asked.OnlyDead ? ", dead letters only" : "")}");

    private static string? State(HttpRequest request) => EventRequests.Text(request, "state") switch
    {
        null => null,
        var state and (DeliveryStanding.Pending or DeliveryStanding.Delivered or DeliveryStanding.Dead) => state,
        _ => throw new ProblemException(400, "state is no state of a delivery.", "state", "Use pending, dead or delivered."),
    };

    internal sealed record DeliveryPage(IReadOnlyList<DeliveryItem> Deliveries, string? Before);

    internal sealed record Replayed(bool DryRun, long Events, long WithoutBody)
    {
        /// <summary>At most so many are taken at once; said before it is done.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public int? Max { get; init; }
    }
}
