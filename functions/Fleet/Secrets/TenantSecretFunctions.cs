using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Fleet;

/// <summary>Rotation of a tenant's webhook secret. The answer is the only time that it is shown; the one before stays valid until the next rotation.</summary>
public sealed class TenantSecretFunctions(IFleet fleet, ITenantDirectory tenants, ITenantSecrets secrets, IOperators operators, IAuditTrail audit)
{
    [Function("RotateWebhookSecret")]
    public async Task<IActionResult> RotateAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "tenants/{system}/{slug}/webhook-secret/rotate")] HttpRequest request,
        string system, string slug, CancellationToken cancellation)
    {
        var caller = await operators.RequireAsync(request, OperatorRole.Approver, cancellation);
        var target = (await fleet.CurrentAsync(cancellation))?.System(system) ?? throw new ProblemException(404, $"The fleet has no system {system}.");
        if (target.TenantDirectory is not null && await tenants.FindAsync(target, slug, cancellation) is null)
            throw new ProblemException(404, $"{system} has no tenant {slug}.", null, "Slugs are exact.");
        var secret = await secrets.RotateAsync(system, slug, cancellation);
        await audit.RecordAsync(caller.Name, "webhook_secret.rotate", system, slug, "", cancellation);
        request.HttpContext.Response.Headers.CacheControl = "no-store";
        return new OkObjectResult(new RotatedSecret(system, slug, secret.Current, "x-whatsops-secret"));
    }

    internal sealed record RotatedSecret(string System, string Tenant, string Secret, string Header)
    {
        // A log line that prints the record must not have it.
        public override string ToString() => $"the webhook secret of {System}/{Tenant}";
    }
}
