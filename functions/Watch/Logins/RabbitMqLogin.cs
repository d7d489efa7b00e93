using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>guest/guest at RabbitMQ's management API.</summary>
internal static class RabbitMqLogin
{
    public static async Task<LoginAnswer> TryAsync(WatchHttp http, string url, CancellationToken cancellation)
    {
        var answer = await new RabbitMqApi(http, url, "guest", "guest").GetAsync("whoami", cancellation);
        return (answer, answer.Body?.Text("reason")) switch
        {
            ({ Status: 200 }, _) when answer.Body?.Text("name") == "guest" => new(true, "The management API takes it."),
            // The password was right; what it lacks is the tag.
            ({ IsRefused: true }, "Not management user") => new(true, "The password is right; only the management API is closed to it, and AMQP is not."),
            ({ IsRefused: true }, { } reason) when reason.Contains("localhost", StringComparison.Ordinal) => new(false, "The password is right, but it works from the broker's own machine only."),
            ({ IsRefused: true }, _) => new(false, $"It answers {answer.Status}."),
            _ => new(null, answer.Words),
        };
    }
}
