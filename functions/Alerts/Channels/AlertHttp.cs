using System.Net;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>One POST to an address that is a secret: resolved at the moment of sending, never logged or stored, no redirect followed.</summary>
internal sealed class AlertHttp(IHttpClientFactory http, IFleet fleet, TimeProvider time)
{
    public const string ClientName = "whatsops-alerts";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public async Task<DeliveryResult> PostAsync(string? url, Func<HttpRequestMessage, HttpRequestMessage> fill, CancellationToken cancellation)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var client = http.CreateClient(ClientName);
            using var request = fill(new HttpRequestMessage(HttpMethod.Post, new Uri(fleet.Resolve(url ?? ""))));
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (answer.IsSuccessStatusCode) return DeliveryResult.Delivered;
            return new($"HTTP {(int)answer.StatusCode}", answer.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable ? RetryAfter(answer) : null);
        }
        catch (MissingSecretException problem)
        {
            return new(problem.Message);
        }
        catch (Exception problem) when (!cancellation.IsCancellationRequested)
        {
            // Messages of HttpClient and Uri may quote the address.
            return new(problem is OperationCanceledException ? $"no answer within {Limit.TotalSeconds:0} s" : problem.GetType().Name);
        }
    }

    private TimeSpan? RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ when answer.StatusCode == HttpStatusCode.TooManyRequests => TimeSpan.FromSeconds(30),
        _ => null,
    };
}
