using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using WhatsOps.Fleet;

namespace WhatsOps.Privacy;

/// <summary>Erasure of a person's data on request. The number comes in the body, never in an address, and is kept nowhere.</summary>
public sealed class PrivacyFunctions(IServiceProvider services, IFleet fleet, IOperators operators, IAuditTrail audit)
{
    /// <summary>Body <c>{"phone":"5511…","system":"…","dryRun":true}</c>; without system in all of them.</summary>
    [Function("ErasePhone")]
    public async Task<IActionResult> Erase([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "privacy/erase")] HttpRequest request, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var body = await JsonBody.ReadAsync<EraseRequest>(request, cancellation);
        var forms = PhoneNumber.FormsOf(body?.Phone);
        if (body!.System is { } name && (await fleet.CurrentAsync(cancellation))?.System(name) is null)
            throw new ProblemException(404, $"The fleet has no system {name}.", "$.system", "whatsops fleet show lists them; leave it out for all.");
        var eraser = services.GetRequiredService<PhoneEraser>();
        var erasure = await eraser.EraseAsync(forms, body.System, body.DryRun, cancellation);
        var hash = await eraser.HashAsync(forms[0], cancellation);
        await audit.RecordAsync(
            caller.Name, body.DryRun ? "privacy.erase.dry-run" : "privacy.erase", body.System, null,
            string.Create(CultureInfo.InvariantCulture, $"hash {hash}: {erasure.Events} events, {erasure.Bodies} bodies, {erasure.Deliveries} deliveries"), cancellation);
        return new OkObjectResult(erasure);
    }

    internal sealed record EraseRequest(string? Phone, string? System, bool DryRun);
}
