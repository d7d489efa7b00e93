using System.Globalization;
using System.Net.Http.Headers;
using WhatsOps.Fleet;

namespace WhatsOps.Events;

/// <summary>Makes one attempt and turns whatever happens into an answer; throws only when the caller cancels. References are resolved at the moment of sending.</summary>
internal sealed class DeliveryClient(IHttpClientFactory http, IFleet fleet, DeliveryOptions options, TimeProvider time)
{
    public const string ClientName = "whatsops-delivery";

    public async Task<DeliveryAnswer> SendAsync(WebhookOptions webhook, string tenant, OwedEvent owed, byte[] body, CancellationToken cancellation)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var request = Request(webhook, tenant, owed, body);
            using var client = http.CreateClient(ClientName);
            // Only the status counts; a body of any length is let go.
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)answer.StatusCode;
            return answer.IsSuccessStatusCode ? new(status, null) : new(status, Words(status), RetryAfter(answer.Headers.RetryAfter));
        }
        catch (MissingSecretException missing)
        {
            return new(null, missing.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // Messages of HttpClient and Uri may quote the address, which may hold a key.
            return new(null, problem switch
            {
                OperationCanceledException => $"no answer within {options.TimeoutSeconds} s",
                HttpRequestException failed => $"no answer: {failed.HttpRequestError}",
                UriFormatException => "webhook.deliverTo is no URL",
                _ => $"no answer: {problem.GetType().Name}",
            });
        }
    }

    /// <summary>Where a tenant's events go.</summary>
    /// <exception cref="MissingSecretException">A reference in the address has no value.</exception>
    /// <exception cref="UriFormatException">What came of it is no URL.</exception>
    public static Uri Address(IFleet fleet, WebhookOptions webhook, string tenant) =>
        new(fleet.Resolve(webhook.DeliverTo!).Replace(WebhookOptions.TenantPlace, Uri.EscapeDataString(tenant), StringComparison.Ordinal));

    private HttpRequestMessage Request(WebhookOptions webhook, string tenant, OwedEvent owed, byte[] body)
    {
        var secret = fleet.Resolve(webhook.DeliverySecret ?? throw new MissingSecretException("webhook.deliverySecret"));
        var (id, timestamp) = (owed.Id.ToString(), time.GetUtcNow().ToUnixTimeSeconds());
        var request = new HttpRequestMessage(HttpMethod.Post, Address(fleet, webhook, tenant)) { Content = new ByteArrayContent(body) };
        if (!request.Content.Headers.TryAddWithoutValidation("Content-Type", owed.ContentType ?? "application/json"))
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in webhook.DeliverHeaders) request.Headers.TryAddWithoutValidation(name, fleet.Resolve(value));
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", DeliverySignature.Of(secret, id, timestamp, body));
        if (owed.IsReplay) request.Headers.Add("webhook-replay", "true");
        if (owed.IsBackfill) request.Headers.Add("webhook-backfill", "true");
        return request;
    }

    private static string Words(int status) => status is >= 300 and < 400 ? $"HTTP {status}: a redirect, which is not followed" : $"HTTP {status}";

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? wish) => wish switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => null,
    };
}
