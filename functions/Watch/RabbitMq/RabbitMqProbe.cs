using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>Looks at RabbitMQ over its management API: alarms, the whole broker, and queues (R-265, R-268, R-274, R-314).</summary>
internal sealed class RabbitMqProbe(IFleet fleet, WatchHttp http) : IProbe
{
    private const string Plugin = "Is RabbitMQ up, and its management plugin on? rabbitmq-plugins enable rabbitmq_management";

    // Every virtual host has it, and nobody can delete it.
    private const string AlwaysThere = "amq.direct";

    private static readonly (string Metric, string Field)[] Totals =
        [("rabbitmq.connections", "connections"), ("rabbitmq.channels", "channels"), ("rabbitmq.consumers", "consumers"), ("rabbitmq.queues", "queues")];

    public IEnumerable<Look> LooksAt(FleetSystem system) => (system.Watch?.RabbitMq ?? []).Select(target =>
        new Look("rabbitmq/" + target.Name, TimeSpan.FromSeconds(target.EverySeconds), Look.UsualPatience, token => ReadAsync(target, token)));

    private async Task<Reading> ReadAsync(RabbitMqTarget target, CancellationToken cancellation)
    {
        var api = new RabbitMqApi(http, target.Url, fleet.Resolve(target.User), fleet.Resolve(target.Password));
        var answer = await api.GetAsync("overview", cancellation);
        return answer switch
        {
            { Refusal: { } refusal } => Reading.Unreachable($"{refusal.Words} {Plugin}"),
            { IsRefused: true } => Reading.Unauthorized(Refusal(answer.Body)),
            { Status: 200, Body: { } overview } when overview.Text("rabbitmq_version") is not null => await LookAsync(api, target, overview, cancellation),
            { Status: 200 } => Reading.Unreachable("What answers there is not RabbitMQ's management API. Its port is 15672 as it comes, or 15671 with TLS."),
            { Status: 404 } => Reading.Absent("There is no management API at this address. Its port is 15672 as it comes, or 15671 with TLS; behind a proxy its path belongs to the url."),
            _ => Reading.Unreachable(answer.Words),
        };
    }

    private static async Task<Reading> LookAsync(RabbitMqApi api, RabbitMqTarget target, JsonElement overview, CancellationToken cancellation)
    {
        var alarms = await AlarmsAsync(api, cancellation);
        var queues = await QueuesAsync(api, target, cancellation);
        var measures = new List<Measure>();
        if (alarms.Count is { } count) measures.Add(new("rabbitmq.alarms", count));
        foreach (var (metric, field) in Totals)
            if (overview.Number("object_totals", field) is { } value) measures.Add(new(metric, value));
        if (overview.Number("queue_totals", "messages") is { } messages) measures.Add(new("rabbitmq.messages", messages));
        return Reading.Seen(
            $"RabbitMQ {overview.Text("rabbitmq_version")}, {alarms.Count switch { null => "alarms unknown", 0 => "no alarm", 1 => "1 alarm", var some => $"{some} alarms" }}.",
            [.. measures, .. queues.Measures], alarms.Troubles.Concat(queues.Troubles));
    }

    private static async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles)> QueuesAsync(RabbitMqApi api, RabbitMqTarget target, CancellationToken cancellation)
    {
        if (target.Queues.Count == 0) return ([], []);
        // A queue that is not declared and one of a virtual host that is not there get the same answer.
        var host = await api.GetAsync($"exchanges/{Uri.EscapeDataString(target.VirtualHost)}/{AlwaysThere}", cancellation);
        if (host.Status == 404)
            return ([], [new(TroubleKinds.Absent, Severity.Medium, $"There is no virtual host {target.VirtualHost}, and so none of its queues: write it as rabbitmqctl list_vhosts does.") { Subject = target.VirtualHost }]);
        var queues = await Task.WhenAll(target.Queues.Select(name => RabbitMqQueue.ReadAsync(api, target.VirtualHost, name, cancellation)));
        return ([.. queues.SelectMany(queue => queue.Measures)], [.. queues.SelectMany(queue => queue.Troubles)]);
    }

    // 200 is no alarm, 503 lists them.
    private static async Task<(int? Count, IReadOnlyList<Trouble> Troubles)> AlarmsAsync(RabbitMqApi api, CancellationToken cancellation)
    {
        var answer = await api.GetAsync("health/checks/alarms", cancellation);
        if (answer.Status == 200 && answer.Body?.Text("status") == "ok") return (0, []);
        if (answer.Status != 503 || answer.Body?.At("alarms") is not { ValueKind: JsonValueKind.Array } alarms)
            return (null, [new(TroubleKinds.NotObservable, Severity.Low, $"Alarms cannot be read. {answer.Words} RabbitMQ before 3.8.10 lacks the check, and the user needs the tag monitoring. Fix: rabbitmqctl set_user_tags USER monitoring") { Subject = "alarms" }]);
        return (alarms.GetArrayLength(),
        [
            .. alarms.EnumerateArray().Select(alarm => JsonReading.Plain(alarm.Text("resource"))).Distinct(StringComparer.Ordinal).Select(resource => new Trouble(
                TroubleKinds.Unhealthy, Severity.Critical,
                $"RabbitMQ has an alarm of {resource}: it takes no message from any publisher until there is room. {(resource.StartsWith("disk", StringComparison.Ordinal) ? "Free disk space, or lower disk_free_limit" : "Find the deep queue, or raise vm_memory_high_watermark")}; rabbitmq-diagnostics alarms")
            { Subject = resource }),
        ]);
    }

    private static string Refusal(JsonElement? body) => body?.Text("reason") == "Not management user"
        ? "The user may not use the management API. Fix: rabbitmqctl set_user_tags USER monitoring"
        : "RabbitMQ refuses user or password. The user guest works from its own machine only.";
}
