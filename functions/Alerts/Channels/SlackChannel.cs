using System.Net;
using System.Net.Http.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Alerts;

/// <summary>Alerts to a Slack incoming webhook. Its URL is a secret: resolved at the moment of sending, never logged or stored.</summary>
internal sealed class SlackChannel(IHttpClientFactory http, IFleet fleet, TimeProvider time) : IAlertChannel
{
    public const string ClientName = "whatsops-slack";
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    public string Kind => "slack";

    /// <summary>Slack takes one message a second.</summary>
    public TimeSpan Pause => TimeSpan.FromSeconds(1);

    public async Task<DeliveryResult> SendAsync(AlertRoute route, Guid id, AlertMessage message, CancellationToken cancellation)
    {
        try
        {
            using var limit = new CancellationTokenSource(Limit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
            using var client = http.CreateClient(ClientName);
            using var answer = await client.PostAsJsonAsync(new Uri(fleet.Resolve(route.Url ?? "")), SlackPayload.Of(id, message), either.Token);
            if (answer.IsSuccessStatusCode) return DeliveryResult.Delivered;
            return new($"HTTP {(int)answer.StatusCode}", answer.StatusCode == HttpStatusCode.TooManyRequests ? RetryAfter(answer) : null);
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

    private TimeSpan RetryAfter(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } wait } => wait,
        { Date: { } date } when date > time.GetUtcNow() => date - time.GetUtcNow(),
        _ => TimeSpan.FromSeconds(30),
    };
}
