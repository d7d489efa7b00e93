using System.Net.Http.Json;

namespace WhatsOps.Alerts;

/// <summary>Alerts to a Slack incoming webhook .</summary>
internal sealed class SlackChannel(AlertHttp http) : IAlertChannel
{
    public string Kind => "slack";

    /// <summary>Slack takes one message a second.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(1);

    public bool CarriesLinks => true;

    public Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation) => http.PostAsync(
        delivery.Route.Url,
        request =>
        {
            request.Content = JsonContent.Create(SlackPayload.Of(delivery.Id, delivery.Message));
            return request;
        },
        cancellation);
}
