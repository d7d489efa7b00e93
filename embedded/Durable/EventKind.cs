namespace WhatsOps.Embedded.Durable;

/// <summary>What a row of the history says. The names are stored.</summary>
internal enum EventKind
{
    // What the orchestrator's code asked for, numbered by task.
    ActivityScheduled,
    TimerCreated,
    SubOrchestrationStarted,
    EventSent,

    // What happened to it, in the order in which the code saw it.
    ActivityCompleted,
    ActivityFailed,
    TimerFired,
    SubOrchestrationCompleted,
    SubOrchestrationFailed,
    EventRaised,
    Suspended,
    Resumed,
    Terminated,
}
