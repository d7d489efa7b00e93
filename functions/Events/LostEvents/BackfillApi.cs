using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Lost messages from the gateway's store, on an operator's word only; audited.</summary>
public sealed class BackfillApi(IServiceProvider services, IOperators operators, IFleet fleet, IAuditTrail audit)
{
    [Function("BackfillEvents")]
    public async Task<IActionResult> BackfillAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "events/backfill")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Operator, cancellation);
        var asked = await BackfillRequest.ReadAsync(request, cancellation);
        var system = (await fleet.CurrentAsync(cancellation))?.System(asked.System!)
            ?? throw new ProblemException(404, $"The fleet has no system {asked.System}.", "$.system", "List them: whatsops fleet show.");
        var isDryRun = EventRequests.Text(request, "dryRun") is "true" or "1";
        var result = await services.GetRequiredService<Backfill>().RunAsync(system, asked.Tenant!, asked.From!.Value, asked.To!.Value, isDryRun, cancellation);
        if (!isDryRun)
            await audit.RecordAsync(caller.Name, "events.backfill", system.Name, asked.Tenant, string.Create(
                CultureInfo.InvariantCulture, $"{result.Stored} messages from {asked.From.Value.UtcDateTime:u} to {asked.To.Value.UtcDateTime:u}"), cancellation);
        return new OkObjectResult(result);
    }
}
