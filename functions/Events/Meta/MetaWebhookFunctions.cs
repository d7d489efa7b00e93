using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Events;

/// <summary>Where Meta's Cloud API delivers to an app of the operator's own. Anonymous to the host: Meta proves itself by token and signature.</summary>
public sealed class MetaWebhookFunctions(MetaDoor door, MetaReceiver receiver)
{
    [Function("VerifyMetaWebhook")]
    public Task<IActionResult> VerifyAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "meta/webhook/{system}")] HttpRequest request, string system, CancellationToken cancellation) =>
        door.VerifyAsync(request, system, cancellation);

    [Function("ReceiveMetaWebhook")]
    public Task<IActionResult> ReceiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "meta/webhook/{system}")] HttpRequest request, string system, CancellationToken cancellation) =>
        receiver.ReceiveAsync(request, system, cancellation);
}
