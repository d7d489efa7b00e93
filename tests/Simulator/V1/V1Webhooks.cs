using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;
using WhatsOps.Simulator.Webhooks;

namespace WhatsOps.Simulator.V1;

/// <summary>The flat webhook of v1.8.</summary>
internal static class V1Webhooks
{
    public static Answer Set(Gateway gateway, GatewayRequest request, Instance instance)
    {
        var body = request.Body;
        if (body.Text("url") is not { } url) return Answer.Invalid("instance requires property \"url\"");
        lock (instance)
        {
            var stored = WebhookBody.Upsert(instance.Webhook, instance, gateway, body.Flag("enabled") ?? true, url, null,
                body.Flag("webhook_by_events"), body.Flag("webhook_base64"), body.Texts("events") ?? []);
            if (request.Act()) instance.Webhook = stored;
            return Answer.Created(new { webhook = new { instanceName = instance.Name, webhook = Flat(stored) } });
        }
    }

    public static Answer Find(Instance instance) => Answer.Ok(instance.Webhook is { } stored
        ? Flat(stored)
        : new { enabled = false, url = "", events = Array.Empty<string>(), webhook_by_events = false, webhook_base64 = false });

    private static object Flat(WebhookConfig stored) => new
    {
        enabled = stored.Enabled,
        url = stored.Url,
        events = stored.Events,
        webhook_by_events = stored.WebhookByEvents,
        webhook_base64 = stored.WebhookBase64
    };
}
