using WhatsOps.Fleet;

namespace WhatsOps.Diagnosis;

/// <summary>Memory is high: how much, since when it grows, and whether containers were started again. For a system without tenants the finding of the rule says the same.</summary>
internal static class MemoryTree
{
    public static Tree Tree { get; } = new("memory", "Memory is high", "memory",
        [
            Question.Of("memory", "Have the containers memory left?", "watch.memory", ("exhausted", "course"), ("fine", "restarts"), ("unknown", "not_watched")),
            Question.Of("course", "How did it come to that in the last hours?", "memory.course", ("growing", "memory_leak"), ("jumped", "memory_jump"), ("steady", "memory_limit"), ("unknown", "memory_high")),
            Question.Of("restarts", "Was a container started again in the last hours?", "memory.restarts", ("some", "memory_restarts"), ("none", "memory_fine"), ("unknown", "memory_fine")),
        ],
        [
            new("memory_leak", Severity.High, "A container's memory grows and does not fall back: a leak, or more and more load.", Task: "Restart it before it is full, which gives time; then find what grew since the last deployment: whatsops findings --system {system}."),
            new("memory_jump", Severity.High, "A container's memory jumped within the last hours: something came in that takes much at once.", Task: "Look at what was logged then: whatsops watch dashboard {system}. A restart gives it back."),
            new("memory_limit", Severity.Medium, "A container needs nearly all of its memory all the time, and does not grow.", Task: "Give it a higher limit, or less to do."),
            new("memory_high", Severity.Medium, "A container has nearly no memory left, and it was not watched for long enough to tell why.", Task: "Look again in half an hour; a restart gives time."),
            new("memory_restarts", Severity.Medium, "Memory is as it should be now, and a container was started again within the last hours: it may have been killed for want of it.", Task: "Look at how it ended: whatsops watch --system {system}."),
            new("not_watched", Severity.Low, "No container around gateway {gateway} is watched, or none tells its memory.", Task: "Name its containers under systems[].watch.containers."),
            new("memory_fine", Severity.Info, "The containers have memory left, as far as they are watched."),
        ]);
}
