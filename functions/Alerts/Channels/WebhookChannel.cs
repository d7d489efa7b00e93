using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using WhatsOps.Events;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Alerts as JSON to any receiver, signed as Standard Webhooks say.</summary>
internal sealed class WebhookChannel(AlertHttp http, IFleet fleet, TimeProvider time) : IAlertChannel
{
    public string Kind => "webhook";

    public TimeSpan Pause => TimeSpan.Zero;

    public bool CarriesLinks => true;

    public Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation) => http.PostAsync(
        delivery.Route.Url,
        request =>
        {
            var body = JsonSerializer.SerializeToUtf8Bytes(WebhookPayload.Of(delivery.Id, delivery.Message), JsonSerializerOptions.Web);
            var (id, timestamp) = (delivery.Id.ToString(), time.GetUtcNow().ToUnixTimeSeconds());
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
            request.Headers.Add("webhook-id", id);
            request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
            request.Headers.Add("webhook-signature", DeliverySignature.Of(fleet.Resolve(delivery.Route.Secret ?? ""), id, timestamp, body));
            return request;
        },
        cancellation);
}
