using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Answers take long: processor and memory, the database, the queue, then our own calls, in the manual's order.</summary>
internal static class LatencyTree
{
    public static Tree Tree { get; } = new("latency", "Answers take long", "resources",
        [
            Question.Of("resources", "Have the containers processor and memory left?", "watch.resources", ("exhausted", "resources_exhausted"), ("fine", "database"), ("unknown", "database")),
            Question.Of("database", "Is the database well?", "watch.database", ("down", "database_down"), ("strained", "database_strained"), ("fine", "queue"), ("unknown", "queue")),
            Question.Of("queue", "Do messages wait in a queue?", "watch.queue", ("unconsumed", "queue_unconsumed"), ("backlog", "queue_backlog"), ("fine", "average"), ("unknown", "average")),
            Question.Of("average", "How long does a call to the gateway take?", "performance.average", ("slow", "slow_calls"), ("fast", "seen")),
            Question.Of("seen", "Was anything watched?", "watch.seen", ("some", "no_cause"), ("none", "not_watched")),
        ],
        [
            SharedNodes.QueueUnconsumed, SharedNodes.QueueBacklog,
            new("resources_exhausted", Severity.High, "A container has used up its processor or its memory.", Task: "See which: whatsops watch dashboard {system}. Give it more, or find what uses it; a second replica of TurboZap would fight the first for its sessions."),
            new("database_down", Severity.Critical, "The database does not answer.", Task: "Look at its server and disk: whatsops watch --system {system}."),
            new("database_strained", Severity.High, "The database runs out of connections, or a statement or transaction holds the others up.", Task: "Look at pg_stat_activity, and end what has run for too long."),
            new("slow_calls", Severity.High, "Calls to gateway {gateway} take more than 5 seconds on average, and nothing around it says why.", Remedy.WaitForStability, "Look at its network and its way to WhatsApp."),
            new("not_watched", Severity.Low, "Nothing around gateway {gateway} is watched, so only our own calls could be judged, and they are fast.", Task: "Name its containers, database and queues under systems[].watch."),
            new("no_cause", Severity.Info, "Processor, memory, database, queues and our own calls are as they should be, as far as they are watched."),
        ]);
}
