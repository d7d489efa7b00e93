using System.Text.Json;
using WhatsOps.Simulator.Http;
using WhatsOps.Simulator.Instances;

namespace WhatsOps.Simulator.Webhooks;

/// <summary>/webhook/set and /webhook/find.</summary>
internal sealed class WebhookRoutes(Gateway gateway)
{
    public Answer Set(GatewayRequest request, Instance instance)
    {
        if (gateway.Options.IsV1) return V1.V1Webhooks.Set(gateway, request, instance);
        if (Invalid(request.Body) is { } invalid) return invalid;
        if (!instance.Loaded) return Answer.Failed("Cannot read properties of undefined (reading 'instanceId')");
        var hook = request.Body.Member("webhook")!.Value;
        var enabled = hook.Flag("enabled") == true;
        var events = hook.Texts("events");
        if (enabled && events is null) return Answer.Failed(WebhookBody.MissingEvents);
        lock (instance)
        {
            var stored = WebhookBody.Upsert(instance.Webhook, instance, gateway, enabled, hook.Text("url")!, WebhookBody.Headers(hook),
                hook.Flag("byEvents"), hook.Flag("base64"), events);
            if (request.Act()) instance.Webhook = stored;
            return Answer.Created(stored);
        }
    }

    public Answer Find(Instance instance) => gateway.Options.IsV1
        ? V1.V1Webhooks.Find(instance)
        : Answer.Ok(instance.Loaded ? instance.Webhook : null);

    private static Answer? Invalid(JsonElement body)
    {
        if (body.Member("webhook") is not { } hook) return Answer.Invalid("instance requires property \"webhook\"");
        var problems = new List<string>();
        foreach (var required in new[] { "enabled", "url" })
            if (hook.Member(required) is null) problems.Add($"webhook requires property \"{required}\"");
        if (hook.Member("enabled") is { } enabled && hook.Flag("enabled") is null && enabled.ValueKind != JsonValueKind.Undefined)
            problems.Add("webhook.enabled is not of a type(s) boolean");
        if (hook.Member("url") is not null && hook.Text("url") is null) problems.Add("webhook.url is not of a type(s) string");
        var events = hook.Texts("events") ?? [];
        for (var i = 0; i < events.Count; i++)
            if (!WebhookEvents.Allowed.Contains(events[i]))
                problems.Add($"webhook.events[{i}] is not one of enum values: {string.Join(',', WebhookEvents.Allowed)}");
        return problems.Count == 0 ? null : Answer.Invalid([.. problems]);
    }
}
