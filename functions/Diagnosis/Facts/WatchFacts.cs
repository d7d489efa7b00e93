using WhatsOps.Watch;

namespace WhatsOps.Diagnosis;

/// <summary>What can be told from the watch: resources, memory, database, queues, logs (R-307, R-311 to R-314, R-394). The numbers are those of the system's rules.</summary>
internal static class WatchFacts
{
    public const string Memory = "container.memory.percent";
    public const string Restarts = "container.restarts";

    public static IReadOnlyCollection<string> Metrics { get; } =
    [
        "up", "container.cpu.limit.percent", Memory, "postgres.connections.percent", "postgres.longest_query.seconds", "postgres.idle_in_transaction.seconds",
        "rabbitmq.queue.messages", "rabbitmq.queue.consumers", "bull.waiting.age.seconds",
    ];

    public static IReadOnlyList<Fact> All { get; } =
    [
        new("log.sign", ["banned", "replaced", "removed", "qr_timeout", "outdated", "none"], Sign),
        new("log.errors", ["some", "none", "unknown"], Errors),
        new("watch.resources", ["exhausted", "fine", "unknown"], view => Judge(view, ["container-cpu", "container-memory"], "exhausted")),
        new("watch.memory", ["exhausted", "fine", "unknown"], view => Judge(view, ["container-memory"], "exhausted")),
        new("memory.course", ["growing", "jumped", "steady", "unknown"], Course),
        new("memory.restarts", ["some", "none", "unknown"], Restarted),
        new("watch.database", ["down", "strained", "fine", "unknown"], Database),
        new("watch.queue", ["unconsumed", "backlog", "fine", "unknown"], Queue),
        new("watch.seen", ["some", "none"], view => FactAnswer.Of(view.Around.Newest.Count > 0 ? "some" : "none", ("series", GatewayFacts.Text(view.Around.Newest.Count)))),
    ];

    private static FactAnswer Sign(DiagnosisView view) => FactAnswer.Of(view.Around.Sign switch
    {
        LogSign.Banned => "banned",
        LogSign.Replaced => "replaced",
        LogSign.Removed => "removed",
        LogSign.QrTimeout => "qr_timeout",
        LogSign.Outdated => "outdated",
        _ => "none",
    });

    private static FactAnswer Course(DiagnosisView view) => view.Around.Memory is not var (target, trend) ? FactAnswer.Of("unknown")
        : FactAnswer.Of(trend.Course.ToString().ToLowerInvariant(), ("target", target), ("trend", trend.Words(Memory)));

    private static FactAnswer Restarted(DiagnosisView view)
    {
        var again = view.Around.Restarts.Where(one => one.Value > 0).OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => (one.Key, (string?)GatewayFacts.Text(one.Value))).ToArray();
        return FactAnswer.Of(again.Length > 0 ? "some" : view.Around.Restarts.Count > 0 ? "none" : "unknown", again);
    }

    private static FactAnswer Errors(DiagnosisView view) => view.Around.Errors switch
    {
        null => FactAnswer.Of("unknown"),
        [] => FactAnswer.Of("none"),
        var errors => FactAnswer.Of("some", [.. errors.Select((error, index) => ($"error{index + 1}", (string?)$"{error.Count}x {error.Name}"))]),
    };

    private static FactAnswer Database(DiagnosisView view)
    {
        var down = view.Around.Of("up").Where(one => one.Key.Target.StartsWith("postgres/", StringComparison.Ordinal) && one.Value == 0).Select(one => one.Key.Target).ToArray();
        return down.Length > 0
            ? FactAnswer.Of("down", ("target", string.Join(", ", down)))
            : Judge(view, ["postgres-connections", "postgres-long-query", "postgres-idle-in-transaction"], "strained");
    }

    private static FactAnswer Queue(DiagnosisView view)
    {
        var around = view.Around;
        foreach (var (key, messages) in around.Of("rabbitmq.queue.messages"))
            if (messages > 0 && around.Newest.TryGetValue(key with { Metric = "rabbitmq.queue.consumers" }, out var consumers) && consumers == 0)
                return FactAnswer.Of("unconsumed", ("queue", key.Subject), ("messages", GatewayFacts.Text(messages)));
        return Judge(view, ["rabbitmq-queue-backlog", "bull-oldest-waiting"], "backlog");
    }

    // The worst word where a newest value is beyond its rule's threshold; a rule that is switched off judges nothing.
    private static FactAnswer Judge(DiagnosisView view, string[] rules, string worst)
    {
        var evidence = new List<(string, string?)>();
        var answer = "unknown";
        foreach (var rule in RuleBook.Of(view.System).Where(rule => rules.Contains(rule.Name) && rule.Above is not null))
            foreach (var (key, value) in view.Around.Of(rule.Metric).Where(one => RuleBook.Covers(rule, one.Key)))
            {
                var isBeyond = value > (double)rule.Above!.Value;
                if (isBeyond || answer == "unknown") answer = isBeyond ? worst : "fine";
                evidence.Add(($"{key.Target}{(key.Subject.Length > 0 ? " " + key.Subject : "")} {key.Metric}", $"{GatewayFacts.Text(value)} (threshold {GatewayFacts.Text((double)rule.Above.Value)})"));
            }

        return FactAnswer.Of(answer, [.. evidence.DistinctBy(one => one.Item1)]);
    }
}
