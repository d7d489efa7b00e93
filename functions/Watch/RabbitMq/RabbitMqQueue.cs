using System.Text.Json;
using WhatsOps.Fleet;
using WhatsOps.Gateways;

namespace WhatsOps.Watch;

/// <summary>What the management API says of one queue: its depth, and who takes from it .</summary>
internal static class RabbitMqQueue
{
    private static readonly (string Metric, string Field)[] Numbers =
    [
        ("rabbitmq.queue.messages", "messages"),
        ("rabbitmq.queue.messages.ready", "messages_ready"),
        ("rabbitmq.queue.messages.unacknowledged", "messages_unacknowledged"),
        ("rabbitmq.queue.consumers", "consumers"),
    ];

    // Others are down, stopped, crashed, minority: nothing goes in or out. Flow only slows publishers down.
    private static readonly HashSet<string> Working = new(StringComparer.Ordinal) { "running", "idle", "flow", "syncing" };

    public static async Task<(IReadOnlyList<Measure> Measures, IReadOnlyList<Trouble> Troubles)> ReadAsync(RabbitMqApi api, string host, string name, CancellationToken cancellation)
    {
        var answer = await api.GetAsync($"queues/{Uri.EscapeDataString(host)}/{Uri.EscapeDataString(name)}", cancellation);
        return answer switch
        {
            { Status: 404 } => ([], [Problem(
                TroubleKinds.Absent, Severity.Medium,
                $"Queue {name} is not declared in virtual host {host}: the manual's alert on its depth can never fire. Either the product does not publish through RabbitMQ (TurboZap as it comes does not), or its name in the fleet file is wrong: rabbitmqctl list_queues -p {host}")]),
            { IsRefused: true } => ([], [Problem(
                TroubleKinds.NotObservable, Severity.Low, $"Queue {name} may not be seen: the user has no permission in virtual host {host}. Fix: rabbitmqctl set_permissions -p {host} USER \"^$\" \"^$\" \".*\"")]),
            { Status: 200, Body: { } queue } => Read(queue),
            _ => ([], [Problem(TroubleKinds.NotObservable, Severity.Low, $"Queue {name} cannot be read. {answer.Words}")]),
        };

        (IReadOnlyList<Measure>, IReadOnlyList<Trouble>) Read(JsonElement queue)
        {
            var measures = Numbers.Select(number => (number.Metric, Value: queue.Number(number.Field))).Where(number => number.Value is not null).Select(number => new Measure(number.Metric, number.Value!.Value, name)).ToArray();
            var troubles = new List<Trouble>();
            if (measures.Length < Numbers.Length)
                troubles.Add(Problem(TroubleKinds.NotObservable, Severity.Low, $"Queue {name} has no numbers: it was declared seconds ago, or the broker collects no statistics (management_agent.disable_metrics_collector)."));
            if (queue.Number("messages") is > 0 and var messages && queue.Number("consumers") == 0)
                troubles.Add(Problem(TroubleKinds.Unhealthy, Severity.High, $"{messages:0} messages wait in queue {name} and nobody consumes it: its worker is not connected. Restart the worker."));
            if (queue.Text("state") is { } state && !Working.Contains(state))
                troubles.Add(Problem(TroubleKinds.Unhealthy, Severity.High, $"Queue {name} is in state {state}: nothing goes in or out. rabbitmqctl list_queues -p {host} name state") with { Subject = $"{name}/state" });
            return (measures, troubles);
        }

        Trouble Problem(string kind, Severity severity, string cause) => new(kind, severity, cause) { Subject = name };
    }
}
