using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Messages are not sent: the instance, the queue, the log, our own calls, in the manual's order.</summary>
internal static class SendingTree
{
    public static Tree Tree { get; } = new("sending", "Messages are not sent", "gateway",
        [
            SharedNodes.Key("exists"),
            Question.Of("exists", "Does the gateway know the instance?", "instance.exists",
                ("there", "state"), ("absent", "instance_not_found"), ("not_loaded", "instance_not_loaded"), ("unreadable", "instance_unreadable")),
            Question.Of("state", "Is it connected?", "instance.state",
                ("open", "queue"), ("connecting", "not_connected"), ("close", "not_connected"), ("refused", "not_connected"), ("unknown", "not_connected")),
            Question.Of("queue", "Do messages wait in a queue?", "watch.queue", ("unconsumed", "queue_unconsumed"), ("backlog", "queue_backlog"), ("fine", "errors"), ("unknown", "errors")),
            Question.Of("errors", "Does the log of the last hour have errors about the instance?", "log.errors", ("some", "send_errors"), ("none", "calls"), ("unknown", "calls")),
            Question.Of("calls", "Do calls to the gateway succeed?", "performance.success", ("low", "failing_calls"), ("good", "sends")),
        ],
        [
            .. SharedNodes.KeyConclusions, SharedNodes.NotThere, SharedNodes.NotLoaded, SharedNodes.Unreadable, SharedNodes.QueueUnconsumed, SharedNodes.QueueBacklog,
            new("not_connected", Severity.High, "{instance} is not connected, so nothing leaves; TurboZap answers an attempt with 500.", Remedy.Reconnect, "Diagnose symptom connection for why it is not."),
            new("send_errors", Severity.High, "{instance} is connected, and the log has errors about it.", Task: "Read them: whatsops watch dashboard {system} --instance {instance}."),
            new("failing_calls", Severity.High, "{instance} is connected, and fewer than 95 % of the calls to gateway {gateway} succeed.", Task: "Diagnose symptom performance for which fail."),
            new("sends", Severity.Info, "{instance} is connected, and nothing is seen that would keep its messages.", Task: "Ask for one message that did not arrive, and look for its time in whatsops tenant {tenant}."),
        ]);
}
