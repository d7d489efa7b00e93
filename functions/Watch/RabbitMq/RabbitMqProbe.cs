using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using WhatsOps.Fleet;

namespace WhatsOps.Watch;

/// <summary>Looks at RabbitMQ over its management API: alarms, the whole broker, and queues (R-265, R-268, R-274, R-311, R-314).</summary>
internal sealed class RabbitMqProbe(IFleet fleet, IHttpClientFactory clients) : IProbe
{
    private static readonly (string Metric, string Field)[] Totals =
        [("rabbitmq.connections", "connections"), ("rabbitmq.channels", "channels"), ("rabbitmq.consumers", "consumers"), ("rabbitmq.queues", "queues")];

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.RabbitMq ?? []).Select(target =>
        new Look("rabbitmq/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync(target, token)));

    private async Task<Reading> ReadAsync(RabbitMqTarget target, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(RabbitMqApi.ClientName);
        var api = new RabbitMqApi(client, fleet.Resolve(target.Url), target.User, fleet.Resolve(target.Password));
        try
        {
            var (status, body) = await api.GetAsync("overview", cancellation);
            return (status, body) switch
            {
                (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, _) => Reading.Unauthorized(Refusal(body)),
                (HttpStatusCode.OK, { } overview) when overview.Text("rabbitmq_version") is not null => await LookAsync(api, target, overview, cancellation),
                (HttpStatusCode.OK or HttpStatusCode.NotFound, _) => Reading.Absent("What answers there is not RabbitMQ's management API. Its port is 15672 as it comes, or 15671 with TLS."),
                _ => Reading.Unreachable($"The management API answers {(int)status}."),
            };
        }
        catch (HttpRequestException problem) when (problem.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionRefused })
        {
            return Reading.Unreachable("Nothing listens there: RabbitMQ is down, or it runs without its management plugin. Fix: rabbitmq-plugins enable rabbitmq_management");
        }
        catch (HttpRequestException problem)
        {
            // Not its message: it names the address.
            return Reading.Unreachable($"The management API cannot be reached ({problem.HttpRequestError}).");
        }
        catch (TaskCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Reading.Unreachable(string.Create(CultureInfo.InvariantCulture, $"The management API takes the connection and does not answer within {client.Timeout.TotalSeconds:0.#} s."));
        }
    }

    private static async Task<Reading> LookAsync(RabbitMqApi api, RabbitMqTarget target, JsonElement overview, CancellationToken cancellation)
    {
        var alarms = await AlarmsAsync(api, cancellation);
        var queues = await Task.WhenAll(target.Queues.Select(name => RabbitMqQueue.ReadAsync(api, target.VirtualHost, name, cancellation)));
        var measures = new List<Measure>();
        if (alarms.Count is { } count) measures.Add(new("rabbitmq.alarms", count));
        foreach (var (metric, field) in Totals)
            if (overview.Field("object_totals")?.Number(field) is { } value) measures.Add(new(metric, value));
        if (overview.Field("queue_totals")?.Number("messages") is { } messages) measures.Add(new("rabbitmq.messages", messages));
        return Reading.Seen(
            $"RabbitMQ {overview.Text("rabbitmq_version")}, {alarms.Count switch { null => "alarms unknown", 0 => "no alarm", var some => $"{some} alarms" }}.",
            [.. measures, .. queues.SelectMany(queue => queue.Measures)], alarms.Troubles.Concat(queues.SelectMany(queue => queue.Troubles)));
    }

    // 200 is no alarm, 503 lists them.
    private static async Task<(int? Count, IReadOnlyList<Trouble> Troubles)> AlarmsAsync(RabbitMqApi api, CancellationToken cancellation)
    {
        var (status, body) = await api.GetAsync("health/checks/alarms", cancellation);
        if (status == HttpStatusCode.OK && body?.Text("status") == "ok") return (0, []);
        if (status != HttpStatusCode.ServiceUnavailable || body?.Field("alarms") is not { ValueKind: JsonValueKind.Array } alarms)
            return (null, [new(TroubleKinds.NotObservable, Severity.Low, $"Alarms cannot be read (status {(int)status}): RabbitMQ before 3.8.10 lacks the check, and the user needs the tag monitoring. Fix: rabbitmqctl set_user_tags USER monitoring") { Subject = "alarms" }]);
        return (alarms.GetArrayLength(),
        [
            .. alarms.EnumerateArray().Select(alarm => alarm.Text("resource") ?? "unknown").Distinct(StringComparer.Ordinal).Select(resource => new Trouble(
                TroubleKinds.Unhealthy, Severity.Critical,
                $"RabbitMQ has an alarm of {resource}: it takes no message from any publisher until there is room. {(resource == "disk" ? "Free disk space" : "Find the deep queue, or raise vm_memory_high_watermark")}; rabbitmq-diagnostics alarms")
            { Subject = resource }),
        ]);
    }

    private static string Refusal(JsonElement? body) => body?.Text("reason") == "Not management user"
        ? "The user may not use the management API. Fix: rabbitmqctl set_user_tags USER monitoring"
        : "RabbitMQ refuses user or password. The user guest works from its own machine only.";
}
