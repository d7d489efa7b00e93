using System.Net.Http.Headers;
using System.Text;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>
/// Alerts as text messages (R-188), over Twilio's <c>Messages.json</c> or what speaks like it: a form of To, From and Body, with Basic authentication. A phone shows a
/// headline and where to go; the rest is in the other routes.
/// </summary>
internal sealed class SmsChannel(AlertHttp http, IFleet fleet) : IAlertChannel
{
    // Two messages of a text that is not ASCII are 134 letters; the address of a link comes whole.
    private const int Longest = 134;

    public string Kind => "sms";

    /// <summary>A long number takes one message a second.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(1);

    public bool CarriesLinks => true;

    public Task<DeliveryResult> SendAsync(AlertDelivery delivery, CancellationToken cancellation) => http.PostAsync(
        delivery.Route.Url,
        request =>
        {
            var (route, message) = (delivery.Route, delivery.Message);
            var text = message.Text.Length > Longest ? message.Text[..(Longest - 1)] + "…" : message.Text;
            request.Headers.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{fleet.Resolve(route.User ?? "")}:{fleet.Resolve(route.Secret ?? "")}")));
            request.Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["To"] = route.To[0], ["From"] = route.From ?? "", ["Body"] = message.AcknowledgeUrl is { } link ? $"{text} {link}" : text,
            });
            return request;
        },
        cancellation);
}
