using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace WhatsOps.Events;

/// <summary>Where the gateways deliver. Anonymous to the host: the request proves its tenant itself, and a host's 401 would lose events.</summary>
public sealed class WebhookFunctions(WebhookReceiver receiver)
{
    // The rest of the path is the event's suffix. A catch-all, because a webhook URL that ends in a slash gives two of them
    // (Evolution concatenates), and a 404 would lose the event.
    [Function("ReceiveWhatsAppWebhook")]
    public Task<IActionResult> ReceiveAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "whatsapp/webhook/{tenantSlug}/{*event}")] HttpRequest request,
        string tenantSlug,
        string? @event,
        CancellationToken cancellation) => receiver.ReceiveAsync(request, tenantSlug, @event, cancellation);
}
